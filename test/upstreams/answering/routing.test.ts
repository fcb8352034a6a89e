import { expect, it } from 'vitest'
import { openai } from '../../../fake-upstreams/openai.ts'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { router } from '../../../src/upstreams/answering/routing.ts'
import { demo } from '../demo.ts'

const find = (method: string, path: string) => {
  const match = router(demo)(method, path)
  return match && [match.route.name, match.params]
}

it('takes names out of the path, decoded', () => {
  expect(find('GET', '/greet/Ada%20L')).toEqual(['greet', { who: 'Ada L' }])
})

it('takes text that does not decode as it is', () => {
  expect(find('GET', '/greet/100%')).toEqual(['greet', { who: '100%' }])
})

it('finds nothing for another method, a longer path or an empty name', () => {
  expect([find('PUT', '/visits'), find('GET', '/greet/a/b'), find('GET', '/greet/')]).toEqual([undefined, undefined, undefined])
})

it('answers HEAD where GET is answered', () => {
  expect(find('HEAD', '/dice')).toEqual(['dice', {}])
})

it('matches a verb after a name', () => {
  expect(router(gemini)('POST', '/v1beta/models/gemini-2.5-flash:countTokens')).toMatchObject({
    route: { name: 'countTokens' },
    params: { model: 'gemini-2.5-flash' },
  })
})

it('tells routes of one path apart by the JSON body', () => {
  const routeOf = (body: unknown) => router(openai)('POST', '/v1/chat/completions', () => body)?.route.name
  expect([{ stream: true }, { stream: false }, {}, undefined, null, 'text'].map(routeOf)).toEqual([
    'streamChatCompletion',
    ...Array<string>(5).fill('createChatCompletion'),
  ])
})

it('shares one router among all that serve the same routes, and with no others', () => {
  expect(router({ ...demo })).toBe(router(demo))
  expect(router({ routes: { ...demo.routes } })).not.toBe(router(demo))
})
