import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { freePort, listen } from '../../../src/kernel/server.ts'

it('listens on a free port of the loopback address and says its url', async () => {
  const server = createHttpServer((_, response) => response.end('here'))
  await using listening = await listen(server)
  expect(listening.url).toBe(`http://127.0.0.1:${listening.port}`)
  const response = await fetch(listening.url)
  expect(await response.text()).toBe('here')
})

it('names the port that is taken, and the remedy', async () => {
  await using first = await listen(createServer())
  await expect(listen(createServer(), { port: first.port })).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringMatching(new RegExp(`port ${first.port} on 127\\.0\\.0\\.1 is in use; choose another`)),
  })
})

it('passes on errors of other kinds as they are', async () => {
  await expect(listen(createServer(), { host: '192.0.2.1' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' })
})

it('closes with connections open, and twice', async () => {
  const listening = await listen(createServer())
  const client = connect(listening.port, '127.0.0.1').on('error', () => {})
  await once(client, 'connect')
  const closed = once(client, 'close')
  await Promise.all([listening.close(), listening.close()])
  await closed
  await expect(listening.close()).resolves.toBeUndefined()
})

it('frees its port: the next server can have it', async () => {
  const first = await listen(createServer())
  await first.close()
  await using second = await listen(createServer(), { port: first.port })
  expect(second.port).toBe(first.port)
})

it('leaves the errors of a running server to its owner', async () => {
  const server = createServer()
  await using _ = await listen(server)
  expect(server.listenerCount('error')).toBe(0)
})

it('finds a port that a process can be told to take', async () => {
  await using listening = await listen(createServer(), { port: await freePort() })
  expect(listening.port).toBeGreaterThan(1023)
})
