// Random lives of several calls in one stack: whatever an upstream, a client or a queue does, and in whatever order.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { type VirtualClock, virtualClock } from '../../src/kernel/virtual-clock.ts'
import type { CallResult } from '../../src/policies/call-result.ts'
import { type AttemptListener, drive, type Driven, type Open, type OpenAttempt } from '../../src/policies/drive.ts'
import type { AttemptEffect, AttemptOutcome } from '../../src/policies/effects.ts'
import { createStack, type UpstreamStack } from '../../src/policies/stack.ts'
import { propertyRuns } from '../property-runs.ts'

const SETTINGS = {
  timeout: { attempt: 50, total: 200 },
  breaker: { failures: 3, recovery: 30, probeLease: 40 },
  retry: { attempts: 3, base: 5, budget: { ratio: 0.5, floor: 1 } },
  bulkhead: { concurrent: 2, queue: 2, maxWait: 60, adaptive: { kind: 'aimd', min: 1, max: 4 } },
  rateLimit: { limit: 1, per: 5, burst: 3, queue: 2 },
  hedge: { after: 10 },
} as const

// Guards against histories too tame to prove anything.
const WAYS_TO_END = [
  'aborted',
  'answered',
  'failed: attempts_exhausted',
  'failed: circuit_open',
  'failed: hedged',
  'failed: not_repeatable',
  'failed: probe',
  'failed: retry_budget',
  'rejected: bulkhead_full',
  'rejected: circuit_open',
  'rejected: rate_limited',
]

interface Life {
  driven: Driven
  running: HandledAttempt[]
  result: CallResult | undefined
}

/** An attempt that answers, and ends its work, only when the history says so. */
class HandledAttempt implements OpenAttempt {
  readonly effect: AttemptEffect
  readonly #life: Life
  readonly #listener: AttemptListener<HandledAttempt>

  constructor(effect: AttemptEffect, life: Life, listener: AttemptListener<HandledAttempt>) {
    this.effect = effect
    this.#life = life
    this.#listener = listener
  }

  start(): void {
    this.#life.running.push(this)
  }

  giveUp(): void {
    this.#life.running = this.#life.running.filter((attempt) => attempt !== this)
  }

  abort(): void {
    this.giveUp()
  }

  answer(which: number): void {
    this.giveUp()
    this.#listener.settled(this, outcomeFor(this.effect.number, which))
  }
}

function outcomeFor(attempt: number, which: number): AttemptOutcome {
  if (which % 16 < 4) return { is: 'timeout', attempt }
  if (which % 16 < 6) return { is: 'connection_error', attempt, reached: which % 2 ? 'no' : 'maybe' }
  return { is: 'response', attempt, status: which % 3 ? 200 : 503, complete: which % 5 > 1, stream: which % 5 === 1 }
}

/** Plays the steps, then lets every call end; returns what became of the calls. */
function live(stack: UpstreamStack<string>, clock: VirtualClock, steps: Uint8Array, watch: (inUse: number) => void): string[] {
  const lives: Life[] = []
  const working = new Set<HandledAttempt>()

  const begin = (which: number): void => {
    const life: Life = { driven: { abort: () => {} }, running: [], result: undefined }
    lives.push(life)
    const open: Open<HandledAttempt> = (effect, listener) => {
      const attempt = new HandledAttempt(effect, life, listener)
      working.add(attempt)
      return attempt
    }
    const pipeline = stack.call({ method: 'GET', idempotent: which % 4 > 0, replayable: true })
    life.driven = drive(pipeline, { clock, open, ended: (result) => void (life.result = result) })
  }
  const step = (what: number, which: number): void => {
    const open = lives.filter(({ result }) => !result)
    if (what < 2) begin(which)
    else if (what < 5 && open.length > 0) {
      const { driven, running } = open[which % open.length]!
      if (which % 16 === 0) driven.abort()
      else running[which % running.length]?.answer(which)
    } else if (what < 7 && working.size > 0) {
      const attempt = [...working][which % working.size]!
      const answered = lives.every(({ running }) => !running.includes(attempt))
      if (which % 2 || !answered) attempt.effect.release()
      if (!answered) return
      attempt.effect.bodyEnded(which % 3 ? 'complete' : 'broken')
      attempt.effect.release()
      working.delete(attempt)
    } else clock.advance(which % 16)
    watch(stack.snapshot().bulkhead!.inUse)
  }
  for (let at = 0; at + 1 < steps.length; at += 2) step(steps[at]! % 8, steps[at + 1]!)
  for (const { driven, result } of lives) if (!result) driven.abort()
  for (const { effect } of working) {
    effect.release()
    effect.bodyEnded('aborted')
  }
  return lives.map(({ result }) => {
    if (result?.is === 'rejected') return `rejected: ${result.reason}`
    return result?.is === 'failed' ? `failed: ${result.why}` : `${result?.is}`
  })
}

describe('a stack, whatever happens', () => {
  it('gets back all that it lent, and accounts for every admission', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 120, size: 'max' }), fc.boolean(), (steps, calls) => {
        const clock = virtualClock()
        const settings = { ...SETTINGS, breaker: { ...SETTINGS.breaker, counts: calls ? ('calls' as const) : ('attempts' as const) } }
        const stack = createStack<string>('gemini', settings, { clock, random: seededRandom(3) })
        let most = 0
        const ends = live(stack, clock, steps, (inUse) => (most = Math.max(most, inUse)))
        for (const end of ends) seen.add(end)
        const { breaker, bulkhead, rateLimit, retryBudget } = stack.snapshot()
        const { admitted, success, failure, neutral, late } = breaker!.totals
        expect([bulkhead!.inUse, bulkhead!.queued, rateLimit!.queued, retryBudget!.active]).toEqual([0, 0, 0, 0])
        expect(success + failure + neutral + late).toBe(admitted)
        expect(most).toBeLessThanOrEqual(4)
      }),
      { numRuns: propertyRuns(), unbiased: true, seed: 17 },
    )
    expect([...seen].toSorted()).toEqual(expect.arrayContaining(WAYS_TO_END))
  })
})
