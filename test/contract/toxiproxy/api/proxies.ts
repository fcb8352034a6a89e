// H1–H22 and H45–H48: the routes, and the life of a proxy in the control API.
import { describe, expect, it } from 'vitest'
import { refused } from '../peer.ts'
import type { OpenRig } from '../suite.ts'

export function proxiesCases(open: OpenRig): void {
  describe('control API: proxies', () => {
    it('H1 tells a version', async () => {
      await using rig = open()
      const reply = await rig.call('GET', '/version')
      expect(reply.status).toBe(200)
      expect(reply.json.version).toMatch(/./)
    })

    it('H2 puts a request id on every matched route', async () => {
      await using rig = open()
      for (const path of ['/version', '/proxies', '/proxies/none'])
        expect((await rig.call('GET', path)).headers.get('x-toxiproxy-request-id')).toMatch(/./)
    })

    it('H3 turns browsers away and nobody else', async () => {
      await using rig = open()
      const browser = await rig.call('GET', '/proxies', undefined, { 'user-agent': 'Mozilla/5.0 (X11)' })
      expect([browser.status, browser.text]).toEqual([403, 'User agent not allowed\n'])
      for (const agent of ['curl/8', 'toxiproxy-cli/2.12', 'mozilla/5.0'])
        expect((await rig.call('GET', '/proxies', undefined, { 'user-agent': agent })).status).toBe(200)
    })

    it('H4 answers 404 to unknown paths and a bare 405 to unknown methods', async () => {
      await using rig = open()
      for (const path of ['/nothing', '/Proxies', '/proxies/', '/proxies/a/b']) {
        const reply = await rig.call('GET', path)
        expect([path, reply.status, reply.text]).toEqual([path, 404, '404 page not found\n'])
      }
      for (const [method, path] of [
        ['PUT', '/proxies'],
        ['DELETE', '/version'],
        ['GET', '/reset'],
        ['OPTIONS', '/populate'],
      ] as const) {
        const reply = await rig.call(method, path)
        expect([path, reply.status, reply.text]).toEqual([path, 405, ''])
      }
    })

    it('H5 lists an object in which a proxy that was not made is absent', async () => {
      await using rig = open()
      const reply = await rig.call('GET', '/proxies')
      expect(reply.status).toBe(200)
      expect(reply.text).toMatch(/^\{/)
      expect(reply.json).not.toHaveProperty(rig.name())
    })

    it('H6 creates an enabled proxy without toxics', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const name = rig.name()
      const reply = await rig.call('POST', '/proxies', { name, listen: await rig.listen(), upstream: rig.at(upstream) })
      expect(reply.status).toBe(201)
      expect(reply.json).toMatchObject({ name, upstream: rig.at(upstream), enabled: true, toxics: [] })
    })

    it('H7 lists what was created with its bound address', async () => {
      await using rig = open()
      const proxy = await rig.proxy(await rig.upstream())
      expect((await rig.call('GET', '/proxies')).json[proxy.name]).toMatchObject({ name: proxy.name, listen: proxy.listen, enabled: true })
      expect(proxy.listen).toMatch(/:[1-9]\d*$/)
    })

    it('H8 reports a host name as an address and port 0 as the real port', async () => {
      await using rig = open()
      const reply = await rig.must('POST', '/proxies', { name: rig.name(), listen: 'localhost:0', upstream: '127.0.0.1:9' })
      expect(reply.json.listen).toMatch(/^127\.0\.0\.1:[1-9]\d*$/)
    })

    it('H9 wants a name', async () => {
      await using rig = open()
      for (const body of [{ upstream: '127.0.0.1:9' }, { name: '', upstream: '127.0.0.1:9' }]) {
        const reply = await rig.call('POST', '/proxies', body)
        expect([reply.status, reply.json.error]).toEqual([400, 'missing required field: name'])
      }
    })

    it('H10 wants an upstream', async () => {
      await using rig = open()
      const reply = await rig.call('POST', '/proxies', { name: rig.name() })
      expect([reply.status, reply.json.error]).toEqual([400, 'missing required field: upstream'])
    })

    it('H11 refuses bodies that are malformed, empty or of the wrong type', async () => {
      await using rig = open()
      for (const body of ['', '{', '{"name":', 'nonsense', '[]', '"text"', '{"name":1}', '{"enabled":"yes"}']) {
        const reply = await rig.call('POST', '/proxies', body)
        expect([body, reply.status, reply.json.status]).toEqual([body, 400, 400])
        expect(reply.json.error).toMatch(/^bad request body: /)
      }
      expect((await rig.call('POST', '/proxies', '')).json.error).toBe('bad request body: EOF')
      expect((await rig.call('POST', '/proxies', '{"name":')).json.error).toBe('bad request body: unexpected EOF')
    })

    it('H12 keeps a name to one proxy until that is deleted', async () => {
      await using rig = open()
      const proxy = await rig.proxy(await rig.upstream())
      const again = { name: proxy.name, listen: await rig.listen(), upstream: '127.0.0.1:9', enabled: false }
      const reply = await rig.call('POST', '/proxies', again)
      expect([reply.status, reply.json.error]).toEqual([409, 'proxy already exists'])
      await rig.must('DELETE', proxy.path)
      expect((await rig.call('POST', '/proxies', again)).status).toBe(201)
    })

    it('H13 tells a taken port, stores nothing, and works once the port is free', async () => {
      await using rig = open()
      const owner = await rig.proxy(await rig.upstream())
      const body = { name: rig.name(), listen: owner.listen, upstream: '127.0.0.1:9' }
      const reply = await rig.call('POST', '/proxies', body)
      expect(reply.status).toBe(500)
      expect(reply.json.error).toContain('address already in use')
      expect((await rig.call('GET', `/proxies/${body.name}`)).status).toBe(404)
      await rig.must('DELETE', owner.path)
      expect((await rig.call('POST', '/proxies', body)).status).toBe(201)
    })

    it('H14 refuses a listen address without a port', async () => {
      await using rig = open()
      const reply = await rig.call('POST', '/proxies', { name: rig.name(), listen: 'localhost', upstream: '127.0.0.1:9' })
      expect(reply.status).toBe(500)
      expect(reply.json.error).toContain('missing port in address')
    })

    it('H15 creates a disabled proxy that listens only while enabled', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const name = rig.name()
      const listen = await rig.listen()
      const made = await rig.must('POST', '/proxies', { name, listen, upstream: rig.at(upstream), enabled: false })
      expect(made.json).toMatchObject({ enabled: false, listen })
      const enabled = await rig.must('POST', `/proxies/${name}`, { enabled: true })
      expect(enabled.json.enabled).toBe(true)
      const port = rig.port(enabled.json.listen)
      await rig.pair({ port }, upstream)
      const disabled = await rig.must('POST', `/proxies/${name}`, { enabled: false })
      expect(disabled.json).toMatchObject({ enabled: false, listen: enabled.json.listen })
      expect(await refused(port)).toBe(true)
    })

    it('H16 deletes a proxy once', async () => {
      await using rig = open()
      const proxy = await rig.proxy(await rig.upstream())
      const reply = await rig.call('DELETE', proxy.path)
      expect([reply.status, reply.text]).toEqual([204, ''])
      expect(await refused(proxy.port)).toBe(true)
      expect((await rig.must('GET', '/proxies')).json).not.toHaveProperty(proxy.name)
      const second = await rig.call('DELETE', proxy.path)
      expect([second.status, second.json.error]).toEqual([404, 'proxy not found'])
    })

    it('H17 answers 404 to everything about an unknown proxy', async () => {
      await using rig = open()
      const path = `/proxies/${rig.name()}`
      for (const [method, at, body] of [
        ['GET', path, undefined],
        ['POST', path, {}],
        ['DELETE', path, undefined],
        ['GET', `${path}/toxics`, undefined],
        ['POST', `${path}/toxics`, { type: 'noop' }],
      ] as const) {
        const reply = await rig.call(method, at, body)
        expect([method, at, reply.status, reply.json.error]).toEqual([method, at, 404, 'proxy not found'])
      }
    })

    it('H18 updates what is given, by POST as by PATCH, but never the name', async () => {
      await using rig = open()
      const [first, second] = [await rig.upstream(), await rig.upstream()]
      const proxy = await rig.proxy(first)
      for (const [method, upstream] of [
        ['POST', rig.at(second)],
        ['PATCH', rig.at(first)],
      ] as const) {
        const reply = await rig.call(method, proxy.path, { name: 'another', upstream })
        expect(reply.status).toBe(200)
        expect(reply.json).toMatchObject({ name: proxy.name, listen: proxy.listen, upstream, enabled: true })
      }
      expect((await rig.must('PATCH', proxy.path, {})).json).toMatchObject({ upstream: rig.at(first), listen: proxy.listen, enabled: true })
    })

    it('H19 moves to a new address', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const proxy = await rig.proxy(upstream)
      const listen = await rig.listen()
      const moved = (await rig.must('POST', proxy.path, { listen })).json
      expect(moved.listen).not.toBe(proxy.listen)
      await rig.pair({ port: rig.port(moved.listen) }, upstream)
      expect(await refused(proxy.port)).toBe(true)
    })

    it('H20 is disabled by an update to a taken port, and revived by a good one', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const [owner, proxy] = [await rig.proxy(upstream), await rig.proxy(upstream)]
      const reply = await rig.call('POST', proxy.path, { listen: owner.listen })
      expect(reply.status).toBe(500)
      expect((await rig.must('GET', proxy.path)).json).toMatchObject({ enabled: false, listen: owner.listen })
      const revived = (await rig.must('POST', proxy.path, { listen: await rig.listen(), enabled: true })).json
      expect(revived.enabled).toBe(true)
      await rig.pair({ port: rig.port(revived.listen) }, upstream)
    })

    it('H21 may be enabled twice', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected()
      expect((await rig.call('POST', proxy.path, { enabled: true })).status).toBe(200)
      client.write('still here')
      await server.got(10)
    })

    it('H22 reads keys in any letter case and ignores what it does not know', async () => {
      await using rig = open()
      const name = rig.name()
      const body = {
        NAME: name,
        Listen: await rig.listen(),
        uPSTREAM: '127.0.0.1:9',
        Enabled: false,
        colour: 'red',
        toxics: [{ type: 'noop' }],
      }
      const reply = await rig.must('POST', '/proxies', body)
      expect(reply.json).toMatchObject({ name, upstream: '127.0.0.1:9', enabled: false, toxics: [] })
      const toxic = await rig.must('POST', `/proxies/${name}/toxics`, '{"TYPE":"latency","Attributes":{"LATENCY":5,"colour":1}}')
      expect(toxic.json.attributes).toEqual({ latency: 5, jitter: 0 })
    })

    it('H45 labels errors as text, those of /populate and successes as JSON', async () => {
      await using rig = open()
      const error = await rig.call('GET', `/proxies/${rig.name()}`)
      expect(error.text).toBe('{"error":"proxy not found","status":404}\n')
      expect(error.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(error.headers.get('x-content-type-options')).toBe('nosniff')
      expect((await rig.call('POST', '/populate', [{}])).headers.get('content-type')).toBe('application/json')
      expect((await rig.call('GET', '/proxies')).headers.get('content-type')).toBe('application/json')
    })

    it('H46 keeps what a null stands for, and refuses an empty stream', async () => {
      await using rig = open()
      const name = rig.name()
      const made = await rig.must('POST', '/proxies', { name, listen: await rig.listen(), upstream: '127.0.0.1:9', enabled: null })
      expect(made.json.enabled).toBe(true)
      const same = await rig.must('POST', `/proxies/${name}`, { listen: null, upstream: null, enabled: null })
      expect(same.json).toMatchObject({ listen: made.json.listen, upstream: '127.0.0.1:9', enabled: true })
      const toxics = `/proxies/${name}/toxics`
      const toxic = await rig.must('POST', toxics, { name: null, type: 'latency', stream: null, toxicity: null, attributes: null })
      expect(toxic.json).toEqual({
        attributes: { latency: 0, jitter: 0 },
        name: 'latency_downstream',
        type: 'latency',
        stream: 'downstream',
        toxicity: 1,
      })
      await rig.must('POST', `${toxics}/latency_downstream`, { attributes: { latency: 7 } })
      const kept = await rig.must('POST', `${toxics}/latency_downstream`, { attributes: { latency: null, jitter: 3 }, toxicity: null })
      expect(kept.json).toMatchObject({ attributes: { latency: 7, jitter: 3 }, toxicity: 1 })
      expect((await rig.call('POST', toxics, { type: 'noop', stream: '' })).status).toBe(400)
    })

    it('H47 changes nothing at an unreadable listen address', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected()
      for (const listen of ['bogus', '127.0.0.1:99999', '::1:0']) {
        const reply = await rig.call('POST', proxy.path, { listen, upstream: '127.0.0.1:1', enabled: false })
        expect([listen, reply.status]).toEqual([listen, 500])
      }
      expect((await rig.must('GET', proxy.path)).json).toMatchObject({ listen: proxy.listen, enabled: true })
      client.write('alive')
      await server.got(5)
    })

    it('H48 changes several things at once, also of a stopped proxy, which stays stopped', async () => {
      await using rig = open()
      const [first, second] = [await rig.upstream(), await rig.upstream()]
      const proxy = await rig.proxy(first)
      const listen = await rig.listen()
      const stopped = await rig.must('POST', proxy.path, { listen, upstream: rig.at(second), enabled: false })
      expect(stopped.json).toMatchObject({ listen, upstream: rig.at(second), enabled: false })
      const again = await rig.must('POST', proxy.path, { listen: 'localhost:0', upstream: rig.at(first) })
      expect(again.json).toMatchObject({ listen: 'localhost:0', upstream: rig.at(first), enabled: false })
      const { json } = await rig.must('POST', proxy.path, { listen: await rig.listen(), upstream: rig.at(second), enabled: true })
      await rig.pair({ port: rig.port(json.listen) }, second)
    })
  })
}
