// Keeps entries in Redis, under the keys that a service gives them, over one connection that is made again whenever it is lost.
import type { Redis } from 'ioredis'
import type { Ms } from '../../kernel/clock.ts'
import { type Change, type Commit, type Entry, StoreAway, type StoreDriver } from './store.ts'

export interface RedisOptions {
  /** `redis://…` or `rediss://…` */
  url: string
  /** How long an answer, and a connection, may take. */
  timeout: Ms
}

// A connection that was merely cut is there again before the store asks for the last time.
const RECONNECT_FIRST: Ms = 20
const RECONNECT_MOST: Ms = 500
/** A commit is known for so long. A retry comes much sooner. */
const COMMIT_KNOWN: Ms = 60_000
const SCAN_COUNT = 1000

// A script runs alone: nobody sees a half of it, and nobody changes between its look and its writes.
//   KEYS  the mark of this commit, what was seen, what is written
//   ARGV  how many were seen; of each "=" and its value, or "-"; of each write "=" and its value, or "-", then how long it lasts, or ""
const COMMIT = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
  local seen = tonumber(ARGV[1])
  for i = 1, seen do
    local value = redis.call('GET', KEYS[1 + i])
    if (value and '=' .. value or '-') ~= ARGV[1 + i] then return 0 end
  end
  for i = seen + 1, #KEYS - 1 do
    local at = 2 * i - seen
    local value, lasts = ARGV[at], ARGV[at + 1]
    if value == '-' then redis.call('DEL', KEYS[1 + i])
    elseif lasts == '' then redis.call('SET', KEYS[1 + i], string.sub(value, 2))
    else redis.call('SET', KEYS[1 + i], string.sub(value, 2), 'PX', lasts) end
  end
  redis.call('SET', KEYS[1], '', 'PX', ${COMMIT_KNOWN})
  return 1
`

/** Resolves when the connection stands, or when the first try has failed: a gateway starts without its store. */
export async function openRedis({ url, timeout }: RedisOptions): Promise<StoreDriver> {
  // Loaded where it is used: a gateway without services starts sooner.
  const { Redis } = await import('ioredis')
  const redis: Redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeout,
    // An answer that is late ends the connection: nobody would know what the next answer belongs to.
    socketTimeout: timeout,
    commandTimeout: timeout,
    // The store above asks again, under the same id. Nothing waits here for a server that may never come back.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(RECONNECT_MOST, RECONNECT_FIRST * 2 ** Math.min(times - 1, 10)),
  })
  // Without a listener, an error of the connection would end the process. Who asks is told by a rejection.
  redis.on('error', () => {})
  await redis.connect().catch(() => {})

  return {
    get: (key) => orAway(async () => (await redis.get(key)) ?? undefined),
    list: (prefix, limit, after) => orAway(() => list(redis, prefix, limit, after)),
    commit: (asked) => orAway(() => commit(redis, asked)),
    ping: () => orAway(async () => void (await redis.ping())),
    async close() {
      redis.disconnect()
    },
  }
}

async function list(redis: Redis, prefix: string, limit: number, after: string): Promise<Entry[]> {
  // A key may be told twice while Redis grows its table.
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix.replaceAll(/[\\*?[\]]/g, '\\$&')}*`, 'COUNT', SCAN_COUNT)
    for (const key of keys) found.add(key)
    cursor = next
  } while (cursor !== '0')
  const keys = [...found]
    .filter((key) => byBytes(key, after) > 0)
    .toSorted(byBytes)
    .slice(0, limit)
  if (keys.length === 0) return []
  const values = await redis.mget(keys)
  // What has expired meanwhile is left out.
  return keys.flatMap((key, at) => (typeof values[at] === 'string' ? [{ key, value: values[at] }] : []))
}

async function commit(redis: Redis, { id, seen, changes }: Commit): Promise<'committed' | 'conflict'> {
  const keys = [`gatecrash:commit:${id}`, ...seen.keys(), ...changes.map(({ key }) => key)]
  const looks = [...seen.values()].map(written)
  const writes = changes.flatMap(({ value, lasts }: Change) => [
    written(value),
    lasts === undefined ? '' : String(Math.max(1, Math.round(lasts))),
  ])
  return (await redis.eval(COMMIT, keys.length, ...keys, String(seen.size), ...looks, ...writes)) === 1 ? 'committed' : 'conflict'
}

const written = (value: string | undefined): string => (value === undefined ? '-' : `=${value}`)

/** In the order of SQLite: by the bytes of UTF-8. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

// Redis is away when there is no connection, no answer in time, or one that asks to come back later. Whatever else it says is our mistake.
const LATER = /^(LOADING|BUSY|OOM|READONLY|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS)\b/

async function orAway<Result>(operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation()
  } catch (error) {
    const { name, message } = error as Error
    if (name === 'ReplyError' && !LATER.test(message)) throw error
    throw new StoreAway(message, { cause: error })
  }
}
