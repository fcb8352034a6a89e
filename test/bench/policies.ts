// What the policies cost against cockatiel 4 and opossum 10, all in this one process. Rounds alternate, so that a busy machine slows all
// alike; each figure is the best of its rounds, since other work only adds.
import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { bulkhead, circuitBreaker, ConsecutiveBreaker, ConstantBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } from 'cockatiel'
import CircuitBreaker from 'opossum'
import { realClock } from '../../src/kernel/clock.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import type { UpstreamPoliciesInput } from '../../src/policies/settings.ts'
import { createStack, type UpstreamStack } from '../../src/policies/stack.ts'
import { guarded, protect } from './policies/guard.ts'

// Short rounds, and many: a pause of the machine spoils a few of them and not all.
const ROUNDS = 60
const CALLS = 10_000
const LONG = 60_000
const FOUR_POLICIES: UpstreamPoliciesInput = {
  timeout: { attempt: 2000, total: 10_000 },
  retry: { attempts: 3 },
  breaker: { failures: 5 },
  bulkhead: { concurrent: 10 },
}

// One promise for all calls: what is measured is the policies, not an async function.
const ANSWER = Promise.resolve(1)
const ok = (): Promise<number> => ANSWER
const fails = async (): Promise<number> => {
  throw FAILURE
}
const FAILURE = new Error('upstream')
const stackOf = (settings: UpstreamPoliciesInput): UpstreamStack<number> =>
  createStack<number>('gemini', settings, { clock: realClock, random: seededRandom(1) })
const quietly = (call: () => Promise<unknown>) => (): Promise<unknown> => call().catch(() => {})

await breakerAlone()
await claimedCosts()
await fourPolicies()
await rejectedWhileOpen()
await failureInAFullWindow()
heapGrowth()

async function breakerAlone(): Promise<void> {
  const { breaker } = stackOf({ breaker: { failures: 5 } })
  const peer = circuitBreaker(handleAll, { halfOpenAfter: LONG, breaker: new ConsecutiveBreaker(5) })
  const bare = await compare({ bare: ok })
  const cost = await compare({ ours: () => guarded(breaker!, ok), cockatiel: () => peer.execute(ok) })
  console.log(`breaker alone, a call that succeeds (awaiting it without anything: ${nanos(bare.bare)})`)
  goal('cockatiel', cost.cockatiel / cost.ours, 2, cost)
}

/** What a team measured of its own breaker and retry, in milliseconds a call. Ours may take a hundredth of it. */
async function claimedCosts(): Promise<void> {
  const { breaker } = stackOf({ breaker: { failures: 5 } })
  const bounds = { breaker: 0.1, retry: 1, both: 1 }
  const cost = await compare(
    {
      breaker: () => guarded(breaker!, ok),
      retry: protect(stackOf({ retry: { attempts: 3 } }), ok),
      both: protect(stackOf({ retry: { attempts: 3 }, breaker: { failures: 5 } }), ok),
    },
    CALLS / 4,
  )
  console.log('a call that succeeds, against what a team claims of its own policies')
  for (const [name, claimedMs] of Object.entries(bounds)) {
    const most = (claimedMs * 1e6) / 100
    const nanoseconds = cost[name as keyof typeof bounds] // the same keys
    console.log(`  ${name} ${nanos(nanoseconds)} (claimed: ${claimedMs} ms; goal ≤ ${nanos(most)})`)
    if (nanoseconds > most) process.exitCode = 1
  }
}

async function fourPolicies(): Promise<void> {
  const stack = stackOf(FOUR_POLICIES)
  const peer = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(100) }),
    circuitBreaker(handleAll, { halfOpenAfter: LONG, breaker: new ConsecutiveBreaker(5) }),
    timeout(2000, TimeoutStrategy.Cooperative),
    bulkhead(10),
  )
  const other = new CircuitBreaker(ok, { timeout: 2000 })
  const ours = protect(stack, ok)
  const cost = await compare({ ours, cockatiel: () => peer.execute(ok), opossum: () => other.fire() }, CALLS / 4)
  other.shutdown()
  console.log('retry, breaker, timeout and bulkhead, a call that succeeds (opossum: its breaker with timeout)')
  goal('cockatiel', cost.cockatiel / cost.ours, 8, cost)
  goal('opossum', cost.opossum / cost.ours, 1.5, cost)
}

async function rejectedWhileOpen(): Promise<void> {
  const { breaker } = stackOf({ breaker: { failures: 1, recovery: '1h' } })
  const peer = circuitBreaker(handleAll, { halfOpenAfter: 3_600_000, breaker: new ConsecutiveBreaker(1) })
  const other = new CircuitBreaker(fails, { timeout: 2000, resetTimeout: 3_600_000 })
  await quietly(() => guarded(breaker!, fails))()
  await quietly(() => peer.execute(fails))()
  await quietly(() => other.fire())()
  if (!other.opened || breaker!.isClosed()) throw new Error('not open')
  const cost = await compare(
    {
      ours: () => guarded(breaker!, ok),
      cockatiel: quietly(() => peer.execute(ok)),
      opossum: quietly(() => other.fire()),
    },
    CALLS / 4,
  )
  other.shutdown()
  console.log('rejected while open')
  goal('cockatiel', cost.cockatiel / cost.ours, 10, cost)
  goal('opossum', cost.opossum / cost.ours, 10, cost)
}

async function failureInAFullWindow(): Promise<void> {
  const ours = async (calls: number) => {
    const { breaker } = stackOf({ breaker: { failureRate: { ratio: 1, minimum: 1_000_000_000, within: '1h' } } })
    for (let turn = 0; turn < calls; turn++) await guarded(breaker!, ok)
    return quietly(() => guarded(breaker!, fails))
  }
  const few = await ours(100)
  const many = await ours(100_000)
  const cost = await compare({ few, many }, 500)

  const opossum = async (calls: number) => {
    const peer = new CircuitBreaker((fail: boolean) => (fail ? fails() : ok()), { timeout: 2000, volumeThreshold: 1_000_000_000 })
    for (let turn = 0; turn < calls; turn++) await peer.fire(false)
    const { failure } = await compare({ failure: quietly(() => peer.fire(true)) }, 2)
    peer.shutdown()
    return failure
  }
  console.log('one failure, with 100 and with 100,000 calls in the window')
  console.log(`  opossum: ${nanos(await opossum(100))} and ${nanos(await opossum(100_000))}`)
  console.log(`  ours:    ${nanos(cost.few)} and ${nanos(cost.many)}: ${(cost.many / cost.few).toFixed(2)} × (goal ≤ 1.5)`)
  if (cost.many / cost.few > 1.5) process.exitCode = 1
}

/** Driven by hand: what grows is ours, and not a promise's. */
function heapGrowth(): void {
  const stack = stackOf({ ...FOUR_POLICIES, breaker: { failures: 5, failureRate: { ratio: 0.9, minimum: 100 } } })
  const request = { method: 'GET', idempotent: true, replayable: true }
  const millionCalls = (): void => {
    for (let turn = 0; turn < 1_000_000; turn++) {
      const pipeline = stack.call(request)
      pipeline.next()
      const { value } = pipeline.next({ is: 'response', attempt: 1, status: 200, complete: true })
      if (value && 'attempt' in value) value.attempt.release()
    }
  }
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void // what the flag exposes
  const heap = (): number => {
    collect()
    return process.memoryUsage().heapUsed / 1024
  }
  millionCalls()
  const before = heap()
  const started = realClock.now()
  for (let million = 0; million < 10; million++) millionCalls()
  const each = (realClock.now() - started) / 10
  const grown = heap() - before
  console.log(`heap after 10 million calls more: ${grown.toFixed(0)} KiB (goal < 256), ${nanos(each)} a call without promises`)
  if (grown >= 256) process.exitCode = 1
}

/** Nanoseconds of one call of each, the best of several rounds after one to warm up. */
async function compare<Name extends string>(
  candidates: Record<Name, () => Promise<unknown>>,
  calls = CALLS,
): Promise<Record<Name, number>> {
  const names = Object.keys(candidates) as Name[] // the keys of what came in
  const best = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<Name, number> // filled at once
  for (let round = 0; round <= ROUNDS; round++)
    for (const name of names) {
      const call = candidates[name]
      const started = realClock.now()
      for (let turn = 0; turn < calls; turn++) await call()
      const each = ((realClock.now() - started) / calls) * 1e6
      if (round > 0) best[name] = Math.min(best[name], each)
    }
  return best
}

function goal(peer: string, ratio: number, least: number, cost: Record<string, number>): void {
  console.log(`  ours ${nanos(cost['ours']!)}, ${peer} ${nanos(cost[peer]!)}: ${ratio.toFixed(1)} × as fast (goal ≥ ${least})`)
  if (ratio < least) process.exitCode = 1
}

function nanos(value: number): string {
  return value < 10_000 ? `${value.toFixed(0)} ns` : `${(value / 1000).toFixed(0)} µs`
}
