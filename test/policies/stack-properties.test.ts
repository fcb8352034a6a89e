// Random lives of several calls in one stack, driven by hand: whatever an upstream, a client or a queue does, and in whatever order.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../src/kernel/clock.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import type { Answer, AttemptEffect, CallResult, Effect } from '../../src/policies/effects.ts'
import { createStack, type UpstreamStack } from '../../src/policies/stack.ts'

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
  pipeline: Generator<Effect, CallResult, Answer>
  effect: Effect | undefined
  running: AttemptEffect[]
  result: CallResult | undefined
}

/** Plays the steps, then lets every call end; returns what became of the calls. */
function live(stack: UpstreamStack<string>, advance: (ms: number) => void, steps: Uint8Array, watch: (working: number) => void): string[] {
  const lives: Life[] = []
  const working = new Set<AttemptEffect>()

  const follow = (life: Life, answer?: Answer): void => {
    if (answer && 'attempt' in answer) life.running = life.running.filter(({ number }) => number !== answer.attempt)
    const { done, value } = answer ? life.pipeline.next(answer) : life.pipeline.next()
    life.effect = done ? undefined : value
    if (done) life.result = value
    else if (value.do === 'attempt') {
      life.running.push(value)
      working.add(value)
    } else if (value.do === 'enter') {
      value.waiter.wake = () => {
        if (life.effect === value) follow(life, { is: 'woken' })
      }
    }
  }
  const answerFor = (effect: Effect, running: AttemptEffect[], which: number): Answer => {
    if (which % 16 === 0) return { is: 'aborted' }
    if (effect.do === 'wait' || effect.do === 'enter') return { is: 'elapsed' }
    const { number: attempt, hedgeAfterMs } = running[which % running.length]!
    if (which % 16 === 1 && hedgeAfterMs < 100) return { is: 'pending' }
    if (which % 16 < 4) return { is: 'timeout', attempt }
    if (which % 16 < 6) return { is: 'connection_error', attempt, reached: which % 2 ? 'no' : 'maybe' }
    return { is: 'response', attempt, status: which % 3 ? 200 : 503, complete: which % 5 > 0 }
  }
  const step = (what: number, which: number): void => {
    const open = lives.filter(({ effect }) => effect)
    if (what < 2) {
      const life: Life = {
        pipeline: stack.call({ method: 'GET', idempotent: which % 4 > 0, replayable: true }),
        effect: undefined,
        running: [],
        result: undefined,
      }
      lives.push(life)
      follow(life)
    } else if (what < 5 && open.length > 0) {
      const life = open[which % open.length]!
      follow(life, answerFor(life.effect!, life.running, which))
    } else if (what < 7 && working.size > 0) {
      const attempt = [...working][which % working.size]!
      const answered = lives.every(({ running }) => !running.includes(attempt))
      if (which % 2 || !answered) attempt.release()
      if (!answered) return
      attempt.bodyEnded(which % 3 ? 'complete' : 'broken')
      attempt.release()
      working.delete(attempt)
    } else advance(which % 16)
    watch(stack.snapshot().bulkhead!.inUse)
  }
  for (let at = 0; at + 1 < steps.length; at += 2) step(steps[at]! % 8, steps[at + 1]!)
  for (const life of lives) while (life.effect) follow(life, { is: 'aborted' })
  for (const attempt of working) {
    attempt.release()
    attempt.bodyEnded('aborted')
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
        const ends = live(
          stack,
          (ms) => clock.advance(ms),
          steps,
          (inUse) => (most = Math.max(most, inUse)),
        )
        for (const end of ends) seen.add(end)
        const { breaker, bulkhead, rateLimit, retryBudget } = stack.snapshot()
        const { admitted, success, failure, neutral, late } = breaker!.totals
        expect([bulkhead!.inUse, bulkhead!.queued, rateLimit!.queued, retryBudget!.active]).toEqual([0, 0, 0, 0])
        expect(success + failure + neutral + late).toBe(admitted)
        expect(most).toBeLessThanOrEqual(4)
      }),
      { numRuns: 10_000, unbiased: true, seed: 17 },
    )
    expect([...seen].toSorted()).toEqual(expect.arrayContaining(WAYS_TO_END))
  })
})
