import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { openRedis } from '../../../../src/gateway/stores/redis-driver.ts'
import { retryingStore } from '../../../../src/gateway/stores/retrying-store.ts'
import { StoreAway } from '../../../../src/gateway/stores/store.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { freePort } from '../../../../src/kernel/server.ts'
import { component } from '../../../components.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { storeSuite } from './store-suite.ts'

const program = component('redis-server')
const path = program.available ? program.path : ''

describe.skipIf(!program.available)('a store in Redis', () => {
  storeSuite(async () => {
    const server = await startRedis(path)
    return { open: () => openRedis({ url: server.url, timeout: 1000 }), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  })

  const storeOf = async ({ url }: Pick<RedisServer, 'url'>, timeout = 300) =>
    retryingStore(await openRedis({ url, timeout }), { clock: realClock, random: seededRandom(1) })

  it('uses the keys as they are given, and the times to live of Redis', async () => {
    await using server = await startRedis(path)
    await using store = await storeOf(server)
    await store.transaction((within) => within.put('webhook_status:r-1', '{}', 1_800_000))
    expect(await asked(server, 'PTTL webhook_status:r-1')).toMatch(/^:(1799\d{3}|1800000)\r\n$/)
  })

  it('loses nothing that it acknowledged when the server is killed, and goes on by itself', async () => {
    await using server = await startRedis(path)
    await using store = await storeOf(server)
    const acknowledged: string[] = []
    const ending = new AbortController()
    const writing = (async () => {
      for (let n = 0; !ending.signal.aborted; n++) {
        const key = `n:${String(n).padStart(6, '0')}`
        await store
          .transaction((within) => within.put(key, '1'))
          .then(
            () => acknowledged.push(key),
            (error: unknown) => expect(error).toBeInstanceOf(StoreAway),
          )
      }
    })()
    await realClock.sleep(200)
    await server.kill()
    await realClock.sleep(300)
    const before = acknowledged.length
    await server.start()
    while (acknowledged.length < before + 20) await realClock.sleep(10)
    ending.abort()
    await writing
    const kept = new Set((await store.list('n:', 100_000)).map(({ key }) => key))
    expect(before).toBeGreaterThan(10)
    expect(acknowledged.filter((key) => !kept.has(key))).toEqual([])
  })

  it('says that it is away within a bounded time, whether the server is gone or stands still', async () => {
    await using server = await startRedis(path)
    await using store = await storeOf(server)
    server.signal('SIGSTOP')
    const began = realClock.now()
    await expect(store.get('a')).rejects.toBeInstanceOf(StoreAway)
    expect(realClock.now() - began).toBeLessThan(2500)
    server.signal('SIGCONT')
    await server.kill()
    await expect(store.ping()).rejects.toBeInstanceOf(StoreAway)
    await server.start()
    for (let tries = 0; tries < 100; tries++) {
      if (
        await store.ping().then(
          () => true,
          () => false,
        )
      )
        break
      await realClock.sleep(20)
    }
    await store.ping()
  })

  it('does what it was asked once, when the answer was lost', async () => {
    await using server = await startRedis(path)
    await using driver = { ...(await openRedis({ url: server.url, timeout: 1000 })), [Symbol.asyncDispose]: async () => {} }
    const commit = { id: 'once', seen: new Map([['a', undefined]]), changes: [{ key: 'a', value: '1', lasts: undefined }] }
    expect(await driver.commit(commit)).toBe('committed')
    expect(await driver.commit(commit)).toBe('committed')
    await driver.close()
  })

  it('starts without its server, and holds one connection at a time', async () => {
    const port = await freePort()
    const away = await storeOf({ url: `redis://127.0.0.1:${port}` })
    await expect(away.get('a')).rejects.toBeInstanceOf(StoreAway)
    await away.close()

    await using server = await startRedis(path)
    await using store = await storeOf(server)
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.transaction((within) => within.put(`k:${n}`, '1'))))
    // Its own, and the one that asks.
    expect(await asked(server, 'INFO clients')).toMatch(/connected_clients:2\r/)
  })
})

/** What the server answers to one command of its protocol. */
async function asked({ port }: RedisServer, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  socket.write(`${command}\r\n`)
  const [answer] = await new Promise<string[]>((resolve) => socket.once('data', (text: string) => resolve([text])))
  socket.destroy()
  return answer!
}
