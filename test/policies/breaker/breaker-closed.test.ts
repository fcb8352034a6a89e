import { describe, expect, it } from 'vitest'
import { path, world } from '../world.ts'
import { type BreakerInput, play } from './script.ts'

const OPENS = 'closed>open'

// [case, settings beside the plain ones, history, changes of state]
const histories: [string, BreakerInput, string, string][] = [
  ['C01 opens on the third failure in a row, not on the second', {}, 'F F closed F open X', OPENS],
  ['C02 a success between failures starts the count anew', {}, 'F F S F F closed', ''],
  ['C03 a neutral outcome between failures does not', {}, 'F F N F open', OPENS],
  ['C03 nor does an answer that blames the caller', {}, 'F F A F open', OPENS],
  ['C04 answers that blame the caller never open it', {}, 'A×100 closed', ''],
  ['C05 failures leave the window one by one', { within: 1000 }, 'F@0 F@500 F@1200 closed F@1400 open', OPENS],
  ['C06 an idle hour empties the window at once', { failures: 5, within: 10_000 }, 'F@0×4 F@3600000 closed', ''],
  [
    'C07 failures slower than the window are counted when they end',
    { within: 1000 },
    'a+@0 b+ c+ a=F@5000 b=F closed c=F open@5000',
    OPENS,
  ],
  [
    'C08 a success that makes up the minimum opens it',
    { failureRate: { ratio: 0.5, minimum: 5 }, failures: 0 },
    'F×3 S closed S open',
    OPENS,
  ],
  ['C09 below the minimum nothing opens it', { failureRate: { ratio: 0.5, minimum: 10 }, failures: 0 }, 'F×9 closed F open', OPENS],
  [
    'C10 a window of calls forgets the oldest call',
    { failureRate: { ratio: 0.75, minimum: 4, calls: 4 }, failures: 0 },
    'F S S S F F closed F open',
    OPENS,
  ],
  [
    'C11 recovery runs from the failure, not from the start of the call',
    { failures: 1 },
    'a+@0 a=F@900 X@1100 X@1899 b+p@1900',
    `${OPENS} open>half_open`,
  ],
  [
    'C12 failures at one moment open it once',
    { failures: 5 },
    'a+@0 b+ c+ d+ e+ f+ a=F@10 b=F c=F d=F e=F f=F X@1009 g+p@1010',
    `${OPENS} open>half_open`,
  ],
  ['C13 a late failure does not prolong the opening', {}, 'x+@0 F×3 open x=F@900 X@999 p+p@1000', `${OPENS} open>half_open`],
  ['C14 a late success does not end the opening', {}, 'x+@0 F×3 x=S@100 open X', OPENS],
  [
    'C16 refusals do not dilute the rate',
    { failureRate: { ratio: 0.5, minimum: 10, within: 60_000 }, failures: 0 },
    'F@0×10 open X@1×1000 S@1000 closed F@1001×9 closed F open',
    `${OPENS} open>half_open half_open>closed ${OPENS}`,
  ],
  [
    'C16 neither do calls that were neutral',
    { failureRate: { ratio: 0.5, minimum: 4 }, failures: 0 },
    'F F N×50 A×50 F closed F open',
    OPENS,
  ],
  [
    'C17 the window is empty after a recovery',
    { failures: 5, within: 60_000 },
    'F@0×5 S@1000 closed F@1001×4 closed',
    `${OPENS} open>half_open half_open>closed`,
  ],
  [
    'C24 two of four slow calls open it; exactly the limit is not slow',
    { slowRate: { over: 2000, ratio: 0.5, minimum: 4, calls: 4 }, failures: 0 },
    'S~2000×3 S~2001 closed S~2001 open',
    OPENS,
  ],
  [
    'C24 one slow call of four does not',
    { slowRate: { over: 2000, ratio: 0.5, minimum: 4, calls: 4 }, failures: 0 },
    'S~2000×3 S~2001 S~2000 closed',
    '',
  ],
]

describe('a closed breaker', () => {
  it.each(histories)('%s', (_name, settings, history, expected) => {
    expect(path(play(settings, history).transitions)).toBe(expected)
  })

  it('C06 counts one failure in the window after the idle hour', () => {
    expect(play({ failures: 5, within: 10_000 }, 'F@0×4 F@3600000').shown.failureCount).toBe(1)
  })

  it('C26 opens once when a thousand calls in flight all fail; the rest is late', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `c${index}`)
    const history = `${names.map((name) => `${name}+@0`).join(' ')} ${names.map((name) => `${name}=F@10`).join(' ')}`
    const { transitions, shown } = play({ failures: 5 }, history)
    expect(path(transitions)).toBe(OPENS)
    expect(shown.totals).toEqual({ admitted: 1000, rejected: 0, success: 0, failure: 5, neutral: 0, late: 995 })
  })

  it('tells the cause, the count and the threshold of its opening', () => {
    expect(play({}, 'F F F@7').transitions).toEqual([
      { upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', at: 7, failures: 3, threshold: 3 },
    ])
    const rate = { failureRate: { ratio: 0.07, minimum: 100, calls: 100 }, failures: 0 }
    expect(play(rate, 'S×93 F×7').transitions).toMatchObject([{ cause: 'failure_rate', failures: 7, threshold: 7 }])
    const slow = { slowRate: { over: 10, ratio: 1, minimum: 2, calls: 2 } }
    expect(play(slow, 'S~11 S~11').transitions).toMatchObject([{ cause: 'slow_rate', failures: 2, threshold: 2 }])
  })

  it('opens by whichever of its rules is the first to say so', () => {
    const both: BreakerInput = { failures: 3, failureRate: { ratio: 0.5, minimum: 4 } }
    expect(play(both, 'F F F').transitions).toMatchObject([{ cause: 'failures' }])
    expect(play(both, 'F S S F').transitions).toMatchObject([{ cause: 'failure_rate' }])
  })

  it('C20 accepts a window of one call and one bucket of time', () => {
    expect(path(play({ failures: 0, failureRate: { ratio: 1, minimum: 1, calls: 1 } }, 'S F').transitions)).toBe(OPENS)
    expect(path(play({ failures: 2, within: 1 }, 'F@0 F').transitions)).toBe(OPENS)
  })
})

describe('a breaker within the stack', () => {
  const plain = { breaker: { failures: 3, recovery: 1000, recoveryGrowth: 1, recoveryJitter: 0 } }

  it('C04 a stream of 404 counts no failure', () => {
    const { stack, settle } = world(plain, () => ({ status: 404 }))
    for (let turn = 0; turn < 100; turn++) expect(settle({}, 1)).toMatchObject({ is: 'answered' })
    expect(stack.snapshot().breaker).toMatchObject({ state: 'closed', failureCount: 0 })
  })

  it('C03 a 404 between failures does not keep it closed', () => {
    const statuses = [503, 503, 404, 503]
    const { stack, settle } = world(plain, (_hit, ordinal) => ({ status: statuses[ordinal]! }))
    for (let turn = 0; turn < 4; turn++) settle({}, 0)
    expect(stack.snapshot().breaker).toMatchObject({ state: 'open', totals: { neutral: 1, failure: 3 } })
  })

  it('C04 a 404 counts as a failure where the settings say so', () => {
    const { stack, settle } = world({ ...plain, classes: { '404': 'failure' } }, () => ({ status: 404 }))
    for (let turn = 0; turn < 3; turn++) expect(settle({}, 1)).toMatchObject({ is: 'failed', why: 'no_retry' })
    expect(stack.snapshot().breaker?.state).toBe('open')
  })

  it('C15 refusals by bulkhead and rate limit count nowhere', () => {
    const slow = world({ ...plain, bulkhead: { concurrent: 1 } }, () => ({ after: 100 }))
    slow.call()
    for (let turn = 0; turn < 10; turn++) expect(slow.call().result).toMatchObject({ is: 'rejected', reason: 'bulkhead_full' })
    const paced = world({ ...plain, rateLimit: { limit: 1, per: '1h' } })
    paced.settle({}, 0)
    for (let turn = 0; turn < 10; turn++) expect(paced.settle({}, 0)).toMatchObject({ is: 'rejected', reason: 'rate_limited' })
    for (const { stack } of [slow, paced])
      expect(stack.snapshot().breaker).toMatchObject({
        state: 'closed',
        failureCount: 0,
        totals: { failure: 0, success: stack === slow.stack ? 0 : 1, neutral: 10 },
      })
  })

  it('C18 one upstream down leaves the other alone', () => {
    const down = world(plain, () => ({ status: 503 }), { name: 'gemini' })
    const up = world(plain, () => ({}), { name: 'assemblyai', clock: down.clock })
    for (let turn = 0; turn < 3; turn++) down.settle({}, 0)
    expect(down.settle({}, 0)).toMatchObject({ is: 'rejected', reason: 'circuit_open' })
    expect(up.settle({}, 0)).toMatchObject({ is: 'answered' })
  })

  it.each([-1, 1])('C19 a step of the wall clock by %i h moves no probe', (hours) => {
    let wall = Date.parse('2026-01-01T00:00:00Z')
    const { clock, stack, settle, hits } = world(plain, () => ({ status: 503 }), { wallNow: () => new Date(wall) })
    for (let turn = 0; turn < 3; turn++) settle({}, 0)
    wall += hours * 3_600_000
    clock.advance(999)
    expect(settle({}, 0)).toMatchObject({ is: 'rejected', retryAfterMs: 1 })
    clock.advance(1)
    settle({}, 0)
    expect(hits.at(-1)).toMatchObject({ at: 1000, probe: true })
    expect(stack.snapshot().breaker?.openedAt).toBe(1000)
  })

  it('C21 a listener that throws harms neither the state nor the call', () => {
    const heard: string[] = []
    const { stack, settle } = world(plain, () => ({ status: 503 }), {
      onTransition: ({ to }) => {
        heard.push(to)
        throw new Error('listener')
      },
    })
    settle({}, 0)
    settle({}, 0)
    expect(settle({}, 0)).toMatchObject({ is: 'failed', outcome: { status: 503 } })
    expect(stack.snapshot().breaker?.state).toBe('open')
    expect(heard).toEqual(['open'])
  })

  it('C22 a request that could not even be made is a failure', () => {
    const { stack, settle } = world(plain, () => ({ error: 'refused' }))
    for (let turn = 0; turn < 3; turn++) settle({}, 0)
    expect(stack.snapshot().breaker?.state).toBe('open')
  })

  it('C23 a classifier that throws makes the outcome neutral and keeps the answer', () => {
    const { stack, settle } = world({ ...plain, bulkhead: { concurrent: 1 } }, () => ({ status: 503 }), {
      classify: () => {
        throw new Error('classifier')
      },
    })
    for (let turn = 0; turn < 5; turn++) expect(settle({}, 0)).toMatchObject({ is: 'answered', outcome: { status: 503 } })
    expect(stack.snapshot()).toMatchObject({ breaker: { state: 'closed', totals: { neutral: 5 } }, bulkhead: { inUse: 0 } })
  })

  it('C23 a classifier may overrule the table', () => {
    const { stack, settle } = world(plain, () => ({ status: 200 }), { classify: () => 'failure' })
    for (let turn = 0; turn < 3; turn++) expect(settle({}, 0)).toMatchObject({ is: 'failed' })
    expect(stack.snapshot().breaker?.state).toBe('open')
  })

  it('C25 twenty hanging calls open it when their attempt timeout has passed, no later', () => {
    const { clock, call, transitions } = world({ breaker: { ...plain.breaker, failures: 20 }, timeout: { attempt: 2000 } }, () => ({
      after: Number.POSITIVE_INFINITY,
    }))
    for (let turn = 0; turn < 20; turn++) call()
    clock.advance(10_000)
    expect(transitions).toMatchObject([{ to: 'open', at: 2000 }])
  })
})
