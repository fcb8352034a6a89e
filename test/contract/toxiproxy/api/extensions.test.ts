// What the embedded server can do beyond the original, and how a client finds out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loopback } from '../../../../src/toxiproxy/backends/address-translation.ts'
import type { Listening } from '../../../../src/kernel/server.ts'
import { serveToxiproxy } from '../../../../src/toxiproxy/serve.ts'
import { echo, isHit } from '../peer.ts'
import { Rig } from '../rig.ts'

let server: Listening
const open = (): Rig => new Rig({ url: server.url, addresses: loopback })

beforeAll(async () => {
  server = await serveToxiproxy({ port: 0, seed: 7, metrics: true })
})
afterAll(() => server.close())

describe('extensions', () => {
  it('are found under one private path', async () => {
    await using rig = open()
    expect((await rig.must('GET', '/gatecrash')).json).toEqual({
      toxics: ['jitter', 'packet_loss', 'shared_bandwidth', 'limit_time', 'fail_first'],
      seed: 7,
    })
  })

  it('are unknown to the paths of the original', async () => {
    await using rig = open()
    const { proxy } = await rig.connected()
    const body = { type: 'packet_loss', attributes: { loss_rate: 1 } }
    expect((await rig.call('POST', `${proxy.path}/toxics`, body)).json.error).toBe('invalid toxic type')
    const made = await rig.must('POST', `/gatecrash${proxy.path}/toxics`, body)
    expect(made.json).toMatchObject({ name: 'packet_loss_downstream', attributes: { loss_rate: 1, correlation: 0 } })
    expect((await rig.must('GET', `${proxy.path}/toxics`)).json).toEqual([made.json])
  })

  it('fail the first connections only', async () => {
    await using rig = open()
    const proxy = await rig.proxy(await rig.upstream(echo))
    await rig.must('POST', `/gatecrash${proxy.path}/toxics`, { type: 'fail_first', attributes: { connections: 2 } })
    const hits: boolean[] = []
    for (let connection = 0; connection < 4; connection++) hits.push(await isHit(await rig.dial(proxy)))
    expect(hits).toEqual([true, true, false, false])
  })

  it('list live connections with their bytes', async () => {
    await using rig = open()
    const { client, proxy } = await rig.connected([], echo)
    client.write('four')
    await client.got(4)
    const connections = (await rig.must('GET', '/gatecrash/connections')).json as { proxy: string }[]
    expect(connections.filter((connection) => connection.proxy === proxy.name)).toMatchObject([
      { connection: 0, listener: proxy.listen, bytes: { upstream: { received: 4, sent: 4 }, downstream: { received: 4, sent: 4 } } },
    ])
  })

  it('stream what happens', async () => {
    await using rig = open()
    const stop = new AbortController()
    const response = await fetch(`${rig.url}/gatecrash/events`, { signal: stop.signal })
    const { client, server: peer, proxy } = await rig.connected([], echo)
    client.write('four')
    await client.got(4)
    await rig.must('POST', `${proxy.path}/toxics`, { name: 'slow', type: 'latency' })
    client.finish()
    await peer.over()
    let text = ''
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece
      if (text.includes('"closed"')) break
    }
    stop.abort()
    const events = text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as { event: string })
    expect(events.map(({ event }) => event)).toEqual(['opened', 'toxic_added', 'closed'])
    expect(events[2]).toMatchObject({ proxy: proxy.name, connection: 0, bytes: { upstream: { received: 4, sent: 4 } } })
  })
})
