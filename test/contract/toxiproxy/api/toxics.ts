// H33–H44: toxics in the control API, and the node client's own flow.
import { type ICreateToxicBody, Toxiproxy, type ToxicType } from 'toxiproxy-node-client'
import { describe, expect, it } from 'vitest'
import type { OpenRig } from '../suite.ts'

export function toxicsCases(open: OpenRig): void {
  describe('control API: toxics', () => {
    const withProxy = async (rig: ReturnType<OpenRig>) => `${(await rig.proxy(await rig.upstream())).path}/toxics`

    it('H33 shows a toxic alike on creation, in the list and alone', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      const body = { name: 'slow', type: 'latency', stream: 'upstream', toxicity: 0.5, attributes: { latency: 100, jitter: 10 } }
      const made = await rig.call('POST', toxics, body)
      expect([made.status, made.json]).toEqual([200, body])
      expect((await rig.must('GET', toxics)).json).toEqual([body])
      expect((await rig.must('GET', `${toxics}/slow`)).json).toEqual(body)
    })

    it('H34 fills in name, stream, toxicity and attributes', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      const defaults = { toxicity: 1, attributes: { latency: 0, jitter: 0 }, type: 'latency' }
      expect((await rig.must('POST', toxics, { type: 'latency' })).json).toEqual({
        ...defaults,
        name: 'latency_downstream',
        stream: 'downstream',
      })
      expect((await rig.must('POST', toxics, { type: 'latency', stream: 'UPstream' })).json).toEqual({
        ...defaults,
        name: 'latency_UPstream',
        stream: 'UPstream',
      })
    })

    it('H35 takes two of a type under different names', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      await rig.must('POST', toxics, { type: 'latency', name: 'one' })
      await rig.must('POST', toxics, { type: 'latency', name: 'two' })
      expect((await rig.must('GET', toxics)).json.map((toxic: { name: string }) => toxic.name)).toEqual(['one', 'two'])
    })

    it('H36 keeps a name to one toxic, whatever its type or stream', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      const first = (await rig.must('POST', toxics, { name: 'one', type: 'latency', attributes: { latency: 5 } })).json
      for (const body of [
        { name: 'one', type: 'latency' },
        { name: 'one', type: 'noop' },
        { name: 'one', type: 'latency', stream: 'upstream' },
      ]) {
        const reply = await rig.call('POST', toxics, body)
        expect([reply.status, reply.json.error]).toEqual([409, 'toxic already exists'])
      }
      expect((await rig.must('GET', toxics)).json).toEqual([first])
    })

    it('H37 keeps a toxicity', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      expect((await rig.must('POST', toxics, { type: 'noop', toxicity: 0.2 })).json.toxicity).toBe(0.2)
    })

    it('H38 refuses an unknown stream before an unknown type', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      const stream = await rig.call('POST', toxics, { type: 'nothing', stream: 'sideways' })
      expect([stream.status, stream.json.error]).toEqual([400, 'stream was invalid, can be either upstream or downstream'])
      for (const type of ['nothing', 'down', 'LATENCY', '']) {
        const reply = await rig.call('POST', toxics, { type })
        expect([type, reply.status, reply.json.error]).toEqual([type, 400, 'invalid toxic type'])
      }
    })

    it('H39 refuses attributes that are no integers and stores nothing', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      for (const latency of [1.5, '5', true, [1]]) {
        const reply = await rig.call('POST', toxics, { type: 'latency', attributes: { latency } })
        expect([latency, reply.status]).toEqual([latency, 400])
        expect(reply.json.error).toMatch(/^bad request body: /)
      }
      expect((await rig.call('POST', toxics, '{"type":"latency","attributes":{"latency":9223372036854775808}}')).status).toBe(400)
      expect((await rig.call('POST', toxics, '{"type":"latency","toxicity":1e39}')).status).toBe(400)
      expect((await rig.call('POST', toxics, { type: 'nothing', stream: 'sideways', attributes: [] })).json.error).toMatch(
        /^bad request body: /,
      )
      expect((await rig.must('GET', toxics)).json).toEqual([])
    })

    it('H40 merges an update, by POST as by PATCH', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      await rig.must('POST', toxics, { name: 'one', type: 'latency', toxicity: 0.5, attributes: { latency: 100, jitter: 10 } })
      const merged = await rig.must('POST', `${toxics}/one`, {
        name: 'two',
        type: 'noop',
        stream: 'upstream',
        attributes: { latency: 200 },
      })
      expect(merged.json).toEqual({
        name: 'one',
        type: 'latency',
        stream: 'downstream',
        toxicity: 0.5,
        attributes: { latency: 200, jitter: 10 },
      })
      const patched = await rig.must('PATCH', `${toxics}/one`, { toxicity: 0.25, attributes: { jitter: 0 } })
      expect(patched.json).toMatchObject({ toxicity: 0.25, attributes: { latency: 200, jitter: 0 } })
      expect((await rig.must('POST', `${toxics}/one`, {})).json).toEqual(patched.json)
    })

    it('H41 deletes a toxic, and knows it no more', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      await rig.must('POST', toxics, { name: 'one', type: 'noop' })
      const reply = await rig.call('DELETE', `${toxics}/one`)
      expect([reply.status, reply.text]).toEqual([204, ''])
      expect((await rig.must('GET', toxics)).json).toEqual([])
      for (const method of ['GET', 'POST', 'DELETE']) {
        const gone = await rig.call(method, `${toxics}/one`, method === 'POST' ? {} : undefined)
        expect([method, gone.status, gone.json.error]).toEqual([method, 404, 'toxic not found'])
      }
    })

    it('H42 lists the upstream direction first, each by age', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      for (const [name, stream] of [
        ['d2', 'downstream'],
        ['u2', 'upstream'],
        ['d1', 'downstream'],
        ['u1', 'upstream'],
      ] as const)
        await rig.must('POST', toxics, { name, stream, type: 'noop' })
      expect((await rig.must('GET', toxics)).json.map((toxic: { name: string }) => toxic.name)).toEqual(['u2', 'u1', 'd2', 'd1'])
    })

    it('H43 lets one of 8 concurrent creations win', async () => {
      await using rig = open()
      const toxics = await withProxy(rig)
      const replies = await Promise.all(Array.from({ length: 8 }, () => rig.call('POST', toxics, { name: 'one', type: 'noop' })))
      expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 7 }, () => 409)])
    })

    it('H44 serves the whole flow of the node client', async () => {
      await using rig = open()
      const upstream = rig.at(await rig.upstream())
      const toxiproxy = new Toxiproxy(rig.url)
      const name = rig.name()
      const proxy = await toxiproxy.createProxy({ name, listen: await rig.listen(), upstream })
      expect(await toxiproxy.get(name)).toMatchObject({ name, listen: proxy.listen, enabled: true })
      const off = await proxy.update({ listen: proxy.listen, upstream, enabled: false })
      expect(off.enabled).toBe(false)
      expect((await off.update({ listen: proxy.listen, upstream, enabled: true })).listen).toBe(proxy.listen)
      await expect(toxiproxy.createProxy({ name, listen: await rig.listen(), upstream })).rejects.toThrow('409')

      const attributes: Partial<Record<ToxicType, object>> = {
        latency: { latency: 1000, jitter: 100 },
        bandwidth: { rate: 1000 },
        slow_close: { delay: 1000 },
        timeout: { timeout: 1000 },
        reset_peer: { timeout: 1000 },
        slicer: { average_size: 10, size_variation: 1, delay: 100 },
        limit_data: { bytes: 1000 },
      }
      for (const [type, given] of Object.entries(attributes)) {
        // As the client's readme does: everything but type and attributes is left to the server.
        const toxic = await proxy.addToxic({ type, attributes: given } as ICreateToxicBody<object>)
        expect(toxic).toMatchObject({ name: `${type}_downstream`, type, stream: 'downstream', toxicity: 1, attributes: given })
        expect((await proxy.getToxic(toxic.name)).toJson()).toEqual(toxic.toJson())
        expect((await toxic.update({ ...toxic.toJson(), toxicity: 0.5 })).toxicity).toBe(0.5)
        await toxic.remove()
        await expect(proxy.getToxic(toxic.name)).rejects.toThrow('404')
      }
      const other = rig.name()
      expect(Object.keys(await toxiproxy.populate([{ name: other, listen: await rig.listen(), upstream }]))).toEqual([other])
      expect(Object.keys(await toxiproxy.getAll())).toEqual(expect.arrayContaining([name, other]))
      await toxiproxy.reset()
      expect(JSON.parse(await toxiproxy.getVersion())).toHaveProperty('version')
      await proxy.remove()
      await expect(toxiproxy.get(name)).rejects.toThrow('404')
    })
  })
}
