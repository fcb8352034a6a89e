// The gateway is killed (SIGKILL) again and again under webhook load, and started again on the same store: accepted = delivered + dead letters +
// pending each time, and nothing comes again that its receiver took, but for the deliveries that were under way at a kill.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { type Ms, realClock } from '../../../../src/kernel/clock.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { freePort } from '../../../../src/kernel/server.ts'
import { component } from '../../../components.ts'
import { answer, scriptedUpstream } from '../rig.ts'
import { startRedis } from './redis-server.ts'

const KILLS = 20
const SEED = Number(process.env['KILL_SEED'] ?? 7)
/**
 * What a receiver said is in the store once the gateway has accepted so many webhooks after it, one after the other: it reads what has come
 * in the order in which it came, and writes so. No span of time would do, since a busy machine may let the gateway wait for longer.
 */
const RECORDED_AFTER = 3
/** Webhooks that a gateway accepts before it is killed, however long that takes on a busy machine: there is something to lose. */
const ACCEPTED_EACH = 6
/** Turns of this process in which it sees what a gateway sent before it was killed. */
const LAST_TURNS = 5
/** A gateway that starts, or has much to deliver, on a busy machine. */
const PATIENCE: Ms = 60_000

interface Taken {
  arrivedMs: Ms
  answeredMs: Ms
  took: boolean
}

/** From when a gateway was about to be killed until all that it had sent was seen. */
interface Kill {
  fromMs: Ms
  toMs: Ms
}

/** A webhook that was accepted. */
interface Accepted {
  sentMs: Ms
  answeredMs: Ms
}

interface Page {
  webhooks?: { reference_id: string; delivery_id: string; status: string }[]
  dead_letters?: { reference_id: string }[]
  next: string | null
}

async function killedUnderLoad(place: { folder: string; redisUrl?: string }) {
  const random = seededRandom(SEED)
  const deliveries = new Map<string, Taken[]>()
  await using receiver = await scriptedUpstream((response, { at, headers }) => {
    const draw = random.next()
    const status = draw < 0.05 ? 422 : draw < 0.2 ? 503 : 202
    realClock.after(5 + 40 * random.next(), () => {
      answer(response, status, {})
      const key = String(headers['webhook-id'])
      const known = deliveries.get(key) ?? []
      deliveries.set(key, [...known, { arrivedMs: at, answeredMs: realClock.now(), took: status === 202 }])
    })
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = join(place.folder, 'gateway.json')
  await writeFile(
    config,
    JSON.stringify({
      upstreams: { 'webhook-receiver': { retry: { attempts: 1 } } },
      services: { webhooks: { base: '50ms', max: '200ms' } },
    }),
  )
  const env = {
    ...process.env,
    PORT: String(port),
    GATEWAY_CONFIG: config,
    UPSTREAM_WEBHOOK_RECEIVER: receiver.url,
    REDIS_URL: place.redisUrl ?? '',
  }
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['src/gateway/main.ts'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    for (const deadline = realClock.now() + PATIENCE; !(await answers(url));) {
      if (realClock.now() > deadline || child.exitCode !== null) throw new Error(`the gateway did not get ready (seed ${SEED})`)
      await realClock.sleep(10)
    }
    return child
  }

  const accepted = new Map<string, Accepted>()
  const ending = new AbortController()
  const load = (async () => {
    const asking = new Set<Promise<void>>()
    for (let n = 0; !ending.signal.aborted; n++) {
      const reference = `r-${n}`
      const sentMs = realClock.now()
      const ask = post(`${url}/webhooks`, { customer: 'acme', event: 'report.completed', reference_id: reference })
        .then(
          (status) => void (status === 202 && accepted.set(reference, { sentMs, answeredMs: realClock.now() })),
          () => {},
        )
        .finally(() => asking.delete(ask))
      asking.add(ask)
      await realClock.sleep(15)
    }
    await Promise.all(asking)
  })()

  const kills: Kill[] = []
  let gateway = await start()
  for (let kill = 0; kill < KILLS; kill++) {
    const before = accepted.size
    for (const deadline = realClock.now() + PATIENCE; accepted.size < before + ACCEPTED_EACH && realClock.now() < deadline;)
      await realClock.sleep(5)
    await realClock.sleep(400 * random.next())
    const fromMs = realClock.now()
    const ended = once(gateway, 'exit')
    gateway.kill('SIGKILL')
    await ended
    // What it sent last may still wait to be read here.
    for (let turn = 0; turn < LAST_TURNS; turn++) await nextTurn()
    kills.push({ fromMs, toMs: realClock.now() })
    gateway = await start()
  }
  ending.abort()
  await load
  const standings = await settled(url)
  const ended = once(gateway, 'exit')
  gateway.kill('SIGTERM')
  await ended

  const all = [...accepted.keys()]
  return {
    accepted: all.length,
    // What was accepted and is in no list is lost. All that waited has been delivered by now, or is a dead letter.
    lost: all.filter((reference) => !standings.has(reference)),
    unsettled: all.filter((reference) => !['delivered', 'dead'].includes(standings.get(reference)?.status ?? '')),
    madeUp: [...standings.values()].filter(({ status, key }) => status === 'delivered' && !deliveries.get(key)?.some(({ took }) => took)),
    repeated: repeats([...deliveries.values()], kills, [...accepted.values()]),
  }
}

const nothing = { lost: [], unsettled: [], madeUp: [], repeated: [] }

/** Deliveries after one that was taken, without a kill that explains them. */
function repeats(all: readonly Taken[][], kills: readonly Kill[], accepted: readonly Accepted[]): Taken[] {
  const inTurn = accepted.toSorted((a, b) => a.answeredMs - b.answeredMs)
  return all.flatMap((deliveries) => {
    const inOrder = deliveries.toSorted((a, b) => a.arrivedMs - b.arrivedMs)
    return inOrder.filter((later, at) => {
      const before = inOrder.slice(0, at).findLast(({ took }) => took)
      if (!before) return false
      const recordedMs = recordedBy(before.answeredMs, inTurn)
      return !kills.some(({ fromMs, toMs }) => toMs >= before.arrivedMs && fromMs <= recordedMs && fromMs <= later.arrivedMs)
    })
  })
}

/** When the gateway had surely written down what it was told at `toldMs`; Infinity where nothing shows that it had. */
function recordedBy(toldMs: Ms, accepted: readonly Accepted[]): Ms {
  let at = toldMs
  for (let nth = 0; nth < RECORDED_AFTER; nth++) {
    const next = accepted.find(({ sentMs }) => sentMs >= at)
    if (!next) return Number.POSITIVE_INFINITY
    at = next.answeredMs
  }
  return at
}

/** Where each webhook stands once none waits any more. */
async function settled(url: string): Promise<Map<string, { key: string; status: string }>> {
  for (const deadline = realClock.now() + PATIENCE; ;) {
    const standings = new Map<string, { key: string; status: string }>()
    const letters = new Set<string>()
    for (let after: string | null = ''; after !== null;) {
      const page: Page = await get(`${url}/webhooks/dead-letters?after=${after}`)
      for (const { reference_id } of page.dead_letters!) letters.add(reference_id)
      after = page.next
    }
    for (let after: string | null = ''; after !== null;) {
      const page: Page = await get(`${url}/webhooks?after=${after}`)
      for (const { reference_id: reference, delivery_id: key, status } of page.webhooks!)
        standings.set(reference, {
          key,
          status: status === 'failed' ? (letters.has(reference) ? 'dead' : 'failed without a letter') : status,
        })
      after = page.next
    }
    const waiting = [...standings.values()].filter(({ status }) => status === 'pending' || status === 'retrying').length
    if (waiting === 0 || realClock.now() > deadline) return standings
    await realClock.sleep(50)
  }
}

const get = async <Body>(url: string): Promise<Body> => (await (await request(url)).body.json()) as Body

async function post(url: string, json: unknown): Promise<number> {
  const { statusCode, body } = await request(url, { method: 'POST', body: JSON.stringify(json) })
  await body.dump()
  return statusCode
}

async function answers(url: string): Promise<boolean> {
  return request(`${url}/healthz`).then(
    async ({ body }) => {
      await body.dump()
      return true
    },
    () => false,
  )
}

async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), 'gatecrash-kills-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

describe('a gateway that is killed again and again', () => {
  it('loses and repeats nothing on SQLite', { timeout: 300_000 }, async () => {
    await using place = await scratch()
    const { accepted, ...rest } = await killedUnderLoad(place)
    expect(rest, `seed ${SEED}`).toEqual(nothing)
    expect(accepted).toBeGreaterThanOrEqual(ACCEPTED_EACH * KILLS)
  })

  const redis = component('redis-server')
  it.skipIf(!redis.available)('loses and repeats nothing on Redis', { timeout: 300_000 }, async () => {
    await using server = await startRedis(redis.available ? redis.path : '')
    await using place = await scratch()
    const { accepted, ...rest } = await killedUnderLoad({ folder: place.folder, redisUrl: server.url })
    expect(rest, `seed ${SEED}`).toEqual(nothing)
    expect(accepted).toBeGreaterThanOrEqual(ACCEPTED_EACH * KILLS)
  })
})
