// What every fake keeps to, whatever service it stands for. Each file of fake-upstreams/ is asked.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { camelCase } from '../../src/upstreams/define.ts'
import { loadUpstream } from '../../src/upstreams/find-module.ts'
import { asker } from './asker.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'fake-upstreams')
// A folder beside them holds what one of them is made of.
const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.ts') ? [basename(file, '.ts')] : []))

it('there are fakes for all that the systems depend on', () => {
  expect(names).toEqual(
    expect.arrayContaining(['assemblyai', 'auphonic', 'billing', 'chroma', 'gemini', 'jira', 'langwatch', 'mongodb', 'webhook-receiver']),
  )
})

describe.each(names)('%s', (name) => {
  const load = () => loadUpstream({ module: join(FOLDER, `${name}.ts`), export: camelCase(name) })

  it('is named as its file is', async () => {
    expect((await load()).name).toBe(name)
  })

  it('answers every sample of every route with 2xx', async () => {
    const upstream = await load()
    const answers = Object.values(upstream.routes).flatMap(({ name: route, method, samples }) =>
      samples.paths.flatMap((path) => {
        // Each is asked of a fake that nobody has asked before, as every run begins with one.
        const bodies = samples.bodies.length > 0 ? samples.bodies : [undefined]
        return bodies.map((body) => ({ route, status: asker(upstream)(method, path, body, samples.headers).status }))
      }),
    )
    expect(answers.length).toBeGreaterThan(0)
    expect(answers.filter(({ status }) => status < 200 || status >= 300)).toEqual([])
  })

  it('answers the same when it is asked the same', async () => {
    const upstream = await load()
    for (const { method, samples } of Object.values(upstream.routes)) {
      const ask = () => asker(upstream)(method, samples.paths[0]!, samples.bodies[0], samples.headers).text
      expect(ask()).toBe(ask())
    }
  })

  it('refuses bodies that are no JSON, or not the JSON it asks for, and does not break', async () => {
    const upstream = await load()
    for (const { method, samples } of Object.values(upstream.routes).filter(({ samples: { bodies } }) => bodies.length > 0))
      for (const body of [
        Buffer.from('{'),
        Buffer.from('null'),
        [],
        'text',
        { constructor: 1 },
        { fields: null, metadata: null, messages: [null], ids: [{}] },
      ])
        expect(asker(upstream)(method, samples.paths[0]!, body, samples.headers).status).toBeLessThan(500)
  })

  it('fails in an error shape of its own', async () => {
    const upstream = await load()
    for (const status of [404, 429, 500, 503]) expect(JSON.stringify(upstream.errorBody(status)).length).toBeGreaterThan(10)
  })
})
