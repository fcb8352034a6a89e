import { beforeAll, describe, expect, it } from 'vitest'
import { langwatch } from '../../../../fake-upstreams/langwatch.ts'
import { installed, library, serving } from './client-library.ts'

interface Client {
  traces: { get(id: string): Promise<{ trace_id: string; spans: { type: string }[]; metrics: { total_cost: number } }> }
}

// The library asks for traces, and sends its own by OpenTelemetry, whose collector is no part of the fake.
describe.skipIf(!installed.available)('langwatch', () => {
  const fake = serving(langwatch)
  let client: Client

  beforeAll(async () => {
    const { LangWatch } = await library<{ LangWatch: new (options: object) => Client }>('langwatch')
    client = new LangWatch({ apiKey: 'any', endpoint: fake.url() })
  })

  it('gets a trace with its spans', async () => {
    expect(await client.traces.get('trace_3')).toMatchObject({
      trace_id: 'trace_3',
      spans: [{ type: 'llm' }],
      metrics: { total_cost: 0.0004 },
    })
  })

  it('is told of a trace that there is not', async () => {
    await expect(client.traces.get('none')).rejects.toMatchObject({
      name: 'TracesError',
      message: expect.stringContaining('Trace not found.'),
    })
  })

  it.each([
    [401, 'X-Auth-Token header is required.'],
    [404, 'Trace not found.'],
    [429, 'Rate limit exceeded, try again later.'],
    [503, 'Service unavailable'],
  ])('fails with %i as its own error, which says why', async (status, why) => {
    fake.fail(status)
    await expect(client.traces.get('trace_3')).rejects.toMatchObject({ name: 'TracesError', message: expect.stringContaining(why) })
  })
})
