// H23–H32: many proxies at once, and back to the beginning.
import { describe, expect, it } from 'vitest'
import { echo, refused } from '../peer.ts'
import type { OpenRig } from '../suite.ts'

export function populateCases(open: OpenRig): void {
  describe('control API: populate and reset', () => {
    it('H23 creates all, in the order given', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const names = [rig.name(), rig.name(), rig.name()].toReversed()
      const body = await Promise.all(names.map(async (name) => ({ name, listen: await rig.listen(), upstream: rig.at(upstream) })))
      const reply = await rig.call('POST', '/populate', body)
      expect(reply.status).toBe(201)
      expect(reply.json.proxies.map((proxy: { name: string }) => proxy.name)).toEqual(names)
      for (const { listen } of reply.json.proxies) await rig.pair({ port: rig.port(listen) }, upstream)
    })

    it('H24 enables by default', async () => {
      await using rig = open()
      const reply = await rig.must('POST', '/populate', [{ name: rig.name(), listen: await rig.listen(), upstream: '127.0.0.1:9' }])
      expect(reply.json.proxies[0].enabled).toBe(true)
    })

    it('H25 leaves the disabled one silent', async () => {
      await using rig = open()
      const body = [
        { name: rig.name(), listen: await rig.listen(), upstream: '127.0.0.1:9' },
        { name: rig.name(), listen: await rig.listen(), upstream: '127.0.0.1:9', enabled: false },
      ]
      const { proxies } = (await rig.must('POST', '/populate', body)).json
      expect(proxies.map((proxy: { enabled: boolean }) => proxy.enabled)).toEqual([true, false])
      expect(await refused(rig.port(proxies[0].listen))).toBe(false)
      expect(proxies[1].listen).toBe(body[1]!.listen)
    })

    it('H26 leaves an equal proxy alone, with its toxics and connections', async () => {
      await using rig = open()
      const { client, proxy, upstream } = await rig.connected([{ type: 'noop' }], echo)
      const { listen } = proxy
      for (const body of [
        { name: proxy.name, listen, upstream: rig.at(upstream) },
        { name: proxy.name, listen: listen.replace('127.0.0.1', 'localhost'), upstream: rig.at(upstream) },
        { name: proxy.name, listen, upstream: rig.at(upstream), enabled: false },
      ]) {
        const reply = await rig.must('POST', '/populate', [body])
        expect(reply.json.proxies[0]).toMatchObject({ listen, enabled: true, toxics: [{ type: 'noop' }] })
      }
      client.write('alive')
      await client.got(5)
    })

    it('H27 replaces a proxy whose upstream changed, without its toxics', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([{ type: 'noop' }])
      const other = await rig.upstream()
      const reply = await rig.must('POST', '/populate', [{ name: proxy.name, listen: proxy.listen, upstream: rig.at(other) }])
      expect(reply.json.proxies[0]).toMatchObject({ upstream: rig.at(other), toxics: [] })
      await client.over()
      await server.over()
      await rig.pair(proxy, other)
    })

    it('H28 names the entry without a name and creates nothing', async () => {
      await using rig = open()
      const name = rig.name()
      const reply = await rig.call('POST', '/populate', [
        { name, listen: await rig.listen(), upstream: '127.0.0.1:9' },
        { upstream: '127.0.0.1:9' },
      ])
      expect([reply.status, reply.json.error]).toEqual([400, 'missing required field: name at proxy 2'])
      expect((await rig.call('GET', `/proxies/${name}`)).status).toBe(404)
    })

    it('H29 stops at the first that cannot listen, and tells which were made', async () => {
      await using rig = open()
      const [first, bad, last] = [rig.name(), rig.name(), rig.name()]
      const reply = await rig.call('POST', '/populate', [
        { name: first, listen: await rig.listen(), upstream: '127.0.0.1:9' },
        { name: bad, listen: 'nowhere', upstream: '127.0.0.1:9' },
        { name: last, listen: await rig.listen(), upstream: '127.0.0.1:9' },
      ])
      expect(reply.status).toBe(500)
      expect(reply.json.error).toContain('missing port in address')
      expect(reply.json.proxies.map((proxy: { name: string }) => proxy.name)).toEqual([first])
      expect((await rig.call('GET', `/proxies/${first}`)).status).toBe(200)
      expect((await rig.call('GET', `/proxies/${last}`)).status).toBe(404)
    })

    it('H30 takes an empty list', async () => {
      await using rig = open()
      const reply = await rig.call('POST', '/populate', [])
      expect(reply.status).toBe(201)
      expect(reply.json.proxies ?? []).toEqual([])
    })

    it('H31 makes proxies that take toxics', async () => {
      await using rig = open()
      const name = rig.name()
      await rig.must('POST', '/populate', [{ name, listen: await rig.listen(), upstream: '127.0.0.1:9' }])
      expect((await rig.call('POST', `/proxies/${name}/toxics`, { type: 'latency' })).status).toBe(200)
    })

    it('H32 resets: everything listens, no toxic is left', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const [first, second] = [await rig.proxy(upstream, { type: 'latency', attributes: { latency: 10 } }), await rig.proxy(upstream)]
      await rig.must('POST', second.path, { enabled: false })
      const reply = await rig.call('POST', '/reset')
      expect([reply.status, reply.text]).toEqual([204, ''])
      expect((await rig.must('GET', `${first.path}/toxics`)).json).toEqual([])
      expect((await rig.must('GET', second.path)).json.enabled).toBe(true)
      await rig.pair(second, upstream)
    })
  })
}
