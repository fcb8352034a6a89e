import { expect, it } from 'vitest'
import { type Hits, hitsSchema, hitsWords } from '../../src/faults/hits.ts'

it.each<[Hits, string[]]>([
  [{}, []],
  [{ share: 1 }, []],
  [{ share: 0.3 }, ['30 % of requests']],
  [{ first: 1 }, ['only the first request']],
  [{ first: 3, attempts: 2 }, ['only the first 3 requests', 'only the first 2 attempts']],
  [{ every: 20, routes: ['getTranscript'] }, ['1 request in 20', 'only getTranscript']],
  [{ methods: ['POST', 'PUT'] }, ['only POST, PUT']],
  [{ probe: 'not-found' }, ['only the probe "not-found"']],
])('%j reads as %j', (hits, words) => expect(hitsWords(hits)).toEqual(words))

it('takes methods in any case', () => expect(hitsSchema.parse({ methods: ['post'] })).toEqual({ methods: ['POST'] }))

it('refuses what selects nothing', () => {
  for (const nothing of [{ first: 0 }, { every: 0 }, { attempts: 0 }, { routes: [] }, { methods: [] }, { share: 1.1 }])
    expect(hitsSchema.safeParse(nothing).success).toBe(false)
})
