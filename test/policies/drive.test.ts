import { expect, it } from 'vitest'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'
import { type AttemptListener, drive, type OpenAttempt } from '../../src/policies/drive.ts'
import type { Answer, AttemptEffect, Effect, Waiter } from '../../src/policies/effects.ts'

type Pipeline = Generator<Effect, { attempts: number; attempt?: AttemptEffect; heard: string }, Answer>

/** An attempt that answers when it is told to, or as soon as it starts. */
class TestAttempt implements OpenAttempt {
  end: 'none' | 'given up' | 'aborted' = 'none'
  readonly effect: AttemptEffect
  readonly listener: AttemptListener<TestAttempt>
  readonly #atOnce: boolean

  constructor(effect: AttemptEffect, listener: AttemptListener<TestAttempt>, atOnce: boolean) {
    this.effect = effect
    this.listener = listener
    this.#atOnce = atOnce
  }

  start(): void {
    if (this.#atOnce) this.answer()
  }

  answer(): void {
    this.listener.settled(this, { is: 'timeout', attempt: this.effect.number })
  }

  giveUp(): void {
    this.end = 'given up'
  }

  abort(): void {
    this.end = 'aborted'
  }
}

function attemptEffect(number: number, hedgeAfterMs = Number.POSITIVE_INFINITY): AttemptEffect {
  const facts = { upstream: 'gemini', startedAt: 0, timeoutMs: 100, probe: false, kept: false, cut: false }
  return { do: 'attempt', number, hedgeAfterMs, ...facts, release() {}, bodyEnded() {} }
}

function driving(pipeline: Pipeline, { atOnce = false } = {}) {
  const clock = virtualClock()
  const attempts: TestAttempt[] = []
  const ends: string[] = []
  const open = (effect: AttemptEffect, listener: AttemptListener<TestAttempt>): TestAttempt => {
    const attempt = new TestAttempt(effect, listener, atOnce)
    attempts.push(attempt)
    return attempt
  }
  const driven = drive(pipeline, {
    clock,
    open,
    ended: ({ heard }, chosen) => void ends.push(`${heard}, attempt ${chosen?.effect.number ?? 'none'}`),
  })
  return { clock, attempts, ends, driven }
}

const told = (answer: Answer): string => ('attempt' in answer ? `${answer.is} ${answer.attempt}` : answer.is)

it('ends at once where every answer comes at once', () => {
  function* pipeline(): Pipeline {
    const attempt = attemptEffect(1)
    return { attempts: 1, attempt, heard: told(yield attempt) }
  }
  expect(driving(pipeline(), { atOnce: true }).ends).toEqual(['timeout 1, attempt 1'])
})

it('lets time pass, and leaves no timer behind', () => {
  function* pipeline(): Pipeline {
    const heard = told(yield { do: 'wait', ms: 50 })
    return { attempts: 0, heard }
  }
  const { clock, ends } = driving(pipeline())
  clock.advance(49)
  expect(ends).toEqual([])
  clock.advance(1)
  expect([ends, clock.pending]).toEqual([['elapsed, attempt none'], 0])
})

it('wakes a waiter once: neither its time nor a second call reaches the pipeline', () => {
  const waiter: Waiter = { wake: undefined }
  function* pipeline(): Pipeline {
    const first = told(yield { do: 'enter', waiter, ms: 20 })
    const second = told(yield { do: 'wait', ms: 100 })
    return { attempts: 0, heard: `${first} ${second}` }
  }
  const { clock, ends } = driving(pipeline())
  waiter.wake!()
  waiter.wake!()
  clock.advance(99)
  expect(ends).toEqual([])
  clock.advance(1)
  expect(ends).toEqual(['woken elapsed, attempt none'])
})

it('keeps an outcome for the pipeline that waits for something else', () => {
  function* pipeline(): Pipeline {
    const first = attemptEffect(1, 10)
    const pending = told(yield first)
    yield { do: 'wait', ms: 5 }
    const late = told(yield { do: 'await', hedgeAfterMs: Number.POSITIVE_INFINITY })
    return { attempts: 1, attempt: first, heard: `${pending}, ${late}` }
  }
  const { clock, attempts, ends } = driving(pipeline())
  clock.advance(12)
  attempts[0]!.answer()
  expect(ends).toEqual([])
  clock.advance(3)
  expect(ends).toEqual(['pending, timeout 1, attempt 1'])
})

it('gives up an attempt once the pipeline goes on, but not one that is kept', () => {
  function* pipeline(): Pipeline {
    const [first, second] = [attemptEffect(1), attemptEffect(2)]
    yield first
    yield second
    second.kept = true
    const heard = told(yield { do: 'wait', ms: 10 })
    return { attempts: 2, attempt: second, heard }
  }
  const { clock, attempts, ends } = driving(pipeline())
  attempts[0]!.answer()
  attempts[1]!.answer()
  expect(attempts.map(({ end }) => end)).toEqual(['given up', 'none'])
  clock.advance(10)
  expect(ends).toEqual(['elapsed, attempt 2'])
  expect(attempts[1]!.end).toBe('none')
})

it('gives up what is not part of the result, even if it was kept', () => {
  function* pipeline(): Pipeline {
    const first = attemptEffect(1)
    yield first
    first.kept = true
    return { attempts: 1, heard: told(yield { do: 'wait', ms: 10 }) }
  }
  const { clock, attempts } = driving(pipeline())
  attempts[0]!.answer()
  clock.advance(10)
  expect(attempts[0]!.end).toBe('given up')
})

it('ends every attempt when the client leaves, and tells the pipeline once', () => {
  function* pipeline(): Pipeline {
    const pending = told(yield attemptEffect(1, 10))
    return { attempts: 2, heard: `${pending}, ${told(yield attemptEffect(2))}` }
  }
  const { clock, attempts, ends, driven } = driving(pipeline())
  clock.advance(10)
  driven.abort()
  driven.abort()
  expect(ends).toEqual(['pending, aborted, attempt none'])
  expect(attempts).toHaveLength(2)
})
