// P1–P17: what passes through a proxy without toxics, and how connections end.
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { freePort } from '../../../../src/kernel/server.ts'
import { echo, refused } from '../peer.ts'
import { pattern, type Rig, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function proxyingCases(open: OpenRig): void {
  describe('proxying', () => {
    it('P1 passes a short message, and the close', async () => {
      await using rig = open()
      const { client, server } = await rig.connected()
      client.write('hello world')
      client.finish()
      expect(await server.over()).toBe('eof')
      expect(server.text).toBe('hello world')
    })

    it.each([64 * 1024, 10_000_000])('P2 passes %d bytes intact, both ways', async (size) => {
      await using rig = open()
      const { client, server } = await rig.connected()
      const bytes = pattern(size)
      client.write(bytes)
      server.write(bytes)
      await Promise.all([server.got(size, 20_000), client.got(size, 20_000)])
      expect(server.received.equals(bytes)).toBe(true)
      expect(client.received.equals(bytes)).toBe(true)
    })

    it('P3 passes two writes in order', async () => {
      await using rig = open()
      const { client, server } = await rig.connected()
      client.write('hello ')
      client.write('world')
      await server.got(11)
      expect(server.text).toBe('hello world')
    })

    it('P4 ends a connection whose upstream is down, and goes on accepting', async () => {
      await using rig = open()
      const proxy = await rig.proxy({ port: await freePort() })
      for (let round = 0; round < 3; round++) expect(await (await rig.dial(proxy)).over(500)).toBe('eof')
    })

    it('P5 passes what a client sends early, and a greeting', async () => {
      await using rig = open()
      const upstream = await rig.upstream((peer) => peer.write('welcome'))
      const client = await rig.dial(await rig.proxy(upstream))
      client.write('early')
      await (await upstream.next()).got(5)
      await client.got(7)
      expect(client.text).toBe('welcome')
    })

    it('P6 knows no half-open connection: a late answer is lost', async () => {
      await using rig = open()
      const { client, server } = await rig.connected()
      client.write('question')
      client.finish()
      expect(await server.over()).toBe('eof')
      expect(await client.over()).toBe('eof')
      server.write('late answer')
      await sleep(50)
      expect(client.bytes).toBe(0)
    })

    it('P7 passes every byte before the end', async () => {
      await using rig = open()
      const { client, server } = await rig.connected()
      const bytes = pattern(1_000_000)
      server.write(bytes)
      server.finish()
      expect(await client.over()).toBe('eof')
      expect(client.received.equals(bytes)).toBe(true)
    })

    it('P8 ends both peers when disabled, refuses, and takes the same port again', async () => {
      await using rig = open()
      const { client, server, proxy, upstream } = await rig.connected()
      await rig.must('POST', proxy.path, { enabled: false })
      await Promise.all([client.over(), server.over()])
      expect(await refused(proxy.port)).toBe(true)
      expect((await rig.must('POST', proxy.path, { enabled: true })).json.listen).toBe(proxy.listen)
      const again = await rig.pair(proxy, upstream)
      again.client.write('back')
      await again.server.got(4)
    })

    it('P9 may be disabled again and deleted while stopped', async () => {
      await using rig = open()
      const { proxy } = await rig.connected()
      for (let round = 0; round < 2; round++) expect((await rig.call('POST', proxy.path, { enabled: false })).status).toBe(200)
      expect((await rig.call('DELETE', proxy.path)).status).toBe(204)
      expect((await rig.call('DELETE', proxy.path)).status).toBe(404)
      expect((await rig.call('POST', proxy.path, { enabled: false })).status).toBe(404)
    })

    it('P10 keeps connections through an update to equal values', async () => {
      await using rig = open()
      const { client, server, proxy, upstream } = await rig.connected()
      for (const listen of [proxy.listen, proxy.listen.replace('127.0.0.1', 'localhost')]) {
        const reply = await rig.must('POST', proxy.path, { listen, upstream: rig.at(upstream), enabled: true })
        expect(reply.json.listen).toBe(proxy.listen)
      }
      client.write('alive')
      await server.got(5)
    })

    it('P11 ends connections when the upstream changes, new ones reach the new upstream', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected()
      const other = await rig.upstream()
      await rig.must('POST', proxy.path, { upstream: rig.at(other) })
      expect(await Promise.all([client.over(), server.over()])).toEqual(['eof', 'eof'])
      await rig.pair(proxy, other)
    })

    it('P12 ends both peers when deleted', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected()
      await rig.must('DELETE', proxy.path)
      expect(await Promise.all([client.over(), server.over()])).toEqual(['eof', 'eof'])
    })

    it('P13 keeps connections through a reset', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([{ type: 'latency', attributes: { latency: 5 } }])
      await rig.must('POST', '/reset')
      client.write('alive')
      await server.got(5)
      expect(server.text).toBe('alive')
    })

    it('P14 keeps 200 parallel connections apart', async () => {
      await using rig = open()
      const proxy = await rig.proxy(await rig.upstream(echo))
      const clients = await Promise.all(Array.from({ length: 200 }, () => rig.dial(proxy)))
      await Promise.all(
        clients.map(async (client, index) => {
          const message = `message of client ${index}`
          client.write(message)
          await client.got(message.length, 10_000)
          expect(client.text).toBe(message)
        }),
      )
    })

    it('P15 adds less than a millisecond to a round trip', async () => {
      await using rig = open()
      const { client } = await rig.connected([], echo)
      expect(await medianRoundTrip(client, 500)).toBeAbout(0, 1)
    })

    it('P16 passes a reset on as a plain end, behind the bytes sent before', async () => {
      await using rig = open()
      const { client, server } = await rig.connected()
      client.write('last words')
      await server.got(10)
      client.socket.resetAndDestroy()
      expect(await server.over()).toBe('eof')
      const second = await reversed(rig)
      expect(second).toBe('eof')
    })

    it('P17 loses what a latency holds when disabled', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([{ type: 'latency', stream: 'upstream', attributes: { latency: 300 } }])
      client.write('held')
      await sleep(50, 250)
      await rig.must('POST', proxy.path, { enabled: false })
      await Promise.all([client.over(), server.over()])
      await sleep(350)
      expect(server.bytes).toBe(0)
    })
  })
}

async function reversed(rig: Rig): Promise<string> {
  const { client, server } = await rig.connected()
  server.write('last words')
  await client.got(10)
  server.socket.resetAndDestroy()
  return client.over()
}

async function medianRoundTrip(client: Awaited<ReturnType<Rig['dial']>>, rounds: number): Promise<number> {
  const took: number[] = []
  for (let round = 1; round <= rounds; round++) {
    const began = client.write('x'.repeat(64))
    await client.got(64 * round)
    took.push(realClock.now() - began)
  }
  return took.toSorted((a, b) => a - b)[rounds / 2]!
}
