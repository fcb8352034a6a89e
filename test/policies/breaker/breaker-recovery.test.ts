import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'
import { path, POST, world } from '../world.ts'
import { type BreakerInput, newBreaker, play } from './script.ts'

const PROBED = 'closed>open open>half_open'
const CLOSED_AGAIN = `${PROBED} half_open>closed`
const OPENED_AGAIN = `${PROBED} half_open>open`

// Each begins with an opening at 0. [case, settings beside the plain ones, history, changes of state]
const histories: [string, BreakerInput, string, string][] = [
  ['H01 admits at recovery to the millisecond, not before', {}, 'F@0×3 X@999 p+p@1000', PROBED],
  ['H03 refuses a second call while the probe is out', {}, 'F@0×3 p+p@1000 X', PROBED],
  ['H04 lets three probes out and no fourth, however long they hang', { probes: 3 }, 'F@0×3 a+p@1000 b+p c+p X X X@90000', PROBED],
  ['H05 closes on the third success of three', { successes: 3 }, 'F@0×3 S@1000 S half_open S closed', CLOSED_AGAIN],
  [
    'H06 opens on the first failure, and successes start anew',
    { successes: 3 },
    'F@0×3 S@1000 S F open S@2000 S half_open',
    `${OPENED_AGAIN} open>half_open`,
  ],
  ['H07 one failed probe opens it; the others come too late', { probes: 3 }, 'F@0×3 a+p@1000 b+p c+p a=F b=S c=S open', OPENED_AGAIN],
  ['H08 a late success does not speak for the probe', {}, 'x+@0 F×3 p+p@1000 x=S@1100 half_open X p=F open', OPENED_AGAIN],
  ['H09 a late failure does not speak for the probe', {}, 'x+@0 F×3 p+p@1000 x=F@1100 half_open X p=S closed', CLOSED_AGAIN],
  [
    'H10 a probe that comes after its deadline frees no place',
    { probeLease: 500 },
    'F@0×3 p1+p@1000 open@1500 p2+p@2500 p1=S@2600 half_open X p2=S closed',
    `${OPENED_AGAIN} open>half_open half_open>closed`,
  ],
  ['H11 a late neutral outcome mints no place', {}, 'x+@0 F×3 p+p@1000 x=N@1100 X', PROBED],
  ['H12 a neutral probe frees its place and closes nothing', {}, 'F@0×3 N@1000 half_open p+p', PROBED],
  [
    'H13 a probe that hangs is lost at its deadline',
    { probeLease: 500 },
    'F@0×3 p+p@1000 half_open@1499 open@1500 X@2499 q+p@2500',
    `${OPENED_AGAIN} open>half_open`,
  ],
  [
    'H16 one failed probe opens it, whatever minimum the rate has',
    { failures: 0, failureRate: { ratio: 0.5, minimum: 100 } },
    'F@0×100 F@1000 open',
    OPENED_AGAIN,
  ],
  [
    'H17 recovery doubles up to its cap, and starts anew when closed',
    { recoveryGrowth: 2, recoveryMax: 4000 },
    'F@0×3 F@1000 X@2999 F@3000 X@6999 F@7000 X@10999 S@11000 closed F×3 X@11999 S@12000 closed',
    `${PROBED} half_open>open open>half_open half_open>open open>half_open half_open>open open>half_open half_open>closed ${CLOSED_AGAIN}`,
  ],
  ['H22 of a hundred callers at recovery exactly one goes through', {}, 'F@0×3 p+p@1000 X×99', PROBED],
  ['H22 … or as many as there are probes', { probes: 4 }, 'F@0×3 a+p@1000 b+p c+p d+p X×96', PROBED],
  [
    'H23 with no recovery time the next call is a probe',
    { recovery: 0, recoveryGrowth: 2 },
    'F@0×3 p+p p=F q+p q=S closed',
    `${OPENED_AGAIN} open>half_open half_open>closed`,
  ],
  [
    'H24 five successes by two probes at a time',
    { successes: 5, probes: 2 },
    'F@0×3 a+p@1000 b+p X a=S b=S c+p d+p X c=S d=S half_open e+p e=S closed',
    CLOSED_AGAIN,
  ],
  [
    'H26 a slow success is no success for a probe',
    { slowRate: { over: 100, ratio: 1, minimum: 3 }, failures: 0 },
    'S@0~101×3 open S@1000~101 open S@2000~100 closed',
    `${OPENED_AGAIN} open>half_open half_open>closed`,
  ],
  [
    'H27 a neutral probe is not one of the successes',
    { probes: 3, successes: 3 },
    'F@0×3 a+p@1000 b+p c+p a=N b=S c=S half_open d+p d=S closed',
    CLOSED_AGAIN,
  ],
  ['a 4xx is proof enough of life for a probe', {}, 'F@0×3 A@1000 closed', CLOSED_AGAIN],
]

describe('an open breaker', () => {
  it.each(histories)('%s', (_name, settings, history, expected) => {
    expect(path(play(settings, history).transitions)).toBe(expected)
  })

  it('H02 shows that a probe is due without being asked for one', () => {
    const { breaker, transitions } = play({}, 'F@0×3 open@999 half_open@1000 half_open@5000')
    expect(path(transitions)).toBe('closed>open')
    expect(breaker.snapshot(5000)).toMatchObject({ state: 'half_open', openedAt: null, lastFailureAt: 0 })
    expect(breaker.retryAfter(400)).toBe(600)
    expect(breaker.retryAfter(5000)).toBe(0)
  })

  it('H13 names the loss of a probe, at its deadline', () => {
    const { transitions } = play({ probeLease: 500 }, 'F@0×3 p+p@1000 X@2000')
    expect(transitions.at(-1)).toMatchObject({ cause: 'probe_lost', at: 1500 })
  })

  it('H18 spreads recovery over a fifth of it', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => {
      const breaker = newBreaker({ failures: 1, recoveryJitter: 0.2 }, undefined, seed)
      breaker.record(breaker.admit(0), 'failure', 0, 0)
      return breaker.retryAfter(0)
    })
    const mean = firsts.reduce((sum, first) => sum + first, 0) / firsts.length
    const deviation = Math.sqrt(firsts.reduce((sum, first) => sum + (first - mean) ** 2, 0) / firsts.length)
    expect(Math.min(...firsts)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...firsts)).toBeLessThanOrEqual(1200)
    expect(deviation).toBeGreaterThan(40)
  })

  it('H19 a reset forgets the counts, and the probe that is out', () => {
    const { breaker, transitions } = play({}, 'F@0×3 p+p@1000')
    const probe = transitions.length
    breaker.reset(1001)
    expect(breaker.snapshot(1001)).toMatchObject({ state: 'closed', failureCount: 0, openedAt: null })
    expect(transitions.slice(probe)).toMatchObject([{ from: 'half_open', to: 'closed', cause: 'reset' }])
  })

  it('H19 a call from before the reset is late, and the threshold whole again', () => {
    const breaker = newBreaker()
    const stray = breaker.admit(0)
    for (let turn = 0; turn < 2; turn++) breaker.record(breaker.admit(0), 'failure', 0, 0)
    breaker.reset(1)
    breaker.record(stray, 'failure', 2, 2)
    expect(breaker.snapshot(2)).toMatchObject({ state: 'closed', failureCount: 0, totals: { late: 1 } })
    for (let turn = 0; turn < 2; turn++) breaker.record(breaker.admit(3), 'failure', 0, 3)
    expect(breaker.snapshot(3).state).toBe('closed')
  })

  it('H25 stays open until the last of those who force it lets go', () => {
    const { breaker, transitions } = play({}, 'S@0')
    breaker.force('deploy', 1)
    breaker.force('operator', 2)
    breaker.unforce('deploy', 3)
    breaker.reset(4)
    expect(breaker.admit(1e9)).toBe(0)
    breaker.unforce('nobody', 1e9)
    expect(breaker.snapshot(1e9).state).toBe('open')
    breaker.unforce('operator', 1e9)
    expect(breaker.admit(1e9)).not.toBe(0)
    expect(transitions.map(({ to, cause }) => `${to} ${cause}`)).toEqual(['open forced', 'closed reset'])
  })

  it('H28 keeps its recovery over a restart', () => {
    const saved = JSON.parse(JSON.stringify(play({}, 'F@0×3 open@600').breaker.save(600))) as never // as a store hands it back
    const breaker = newBreaker()
    breaker.restore(saved, 700)
    expect(breaker.snapshot(700)).toMatchObject({ state: 'open', openedAt: 0 })
    expect(breaker.admit(999)).toBe(0)
    expect(breaker.isProbe(breaker.admit(1000))).toBe(true)
  })

  it('H28 keeps the growth of its recovery over a restart', () => {
    const growing: BreakerInput = { recoveryGrowth: 2, recoveryMax: 64_000 }
    const { breaker: before } = play(growing, 'F@0×3 F@1000 F@3000 open')
    const after = newBreaker(growing)
    after.restore(before.save(3001), 3001)
    expect(after.retryAfter(3001)).toBe(3999)
    after.record(after.admit(7000), 'failure', 0, 7000)
    expect(after.retryAfter(7000)).toBe(8000)
  })

  it('H28 is not stuck when the machine restarted and its clock began anew', () => {
    const breaker = newBreaker()
    breaker.restore({ state: 'open', openedAt: 1e9, until: 1e9 + 1000, step: 1 }, 50)
    expect(breaker.retryAfter(50)).toBeLessThanOrEqual(4000)
  })

  it('H28 restores a closed breaker as closed, and a lost probe as due', () => {
    const closed = newBreaker()
    closed.restore(play({}, 'F').breaker.save(1), 1)
    expect(closed.snapshot(1).state).toBe('closed')
    const probing = newBreaker()
    probing.restore(play({}, 'F@0×3 p+p@1000').breaker.save(1100), 1100)
    expect(probing.isProbe(probing.admit(1100))).toBe(true)
  })

  it('holds a recovery that is longer than any timer', () => {
    const month = 30 * 24 * 3_600_000
    const breaker = newBreaker({ failures: 1, recovery: month })
    breaker.record(breaker.admit(0), 'failure', 0, 0)
    expect(breaker.admit(month - 1)).toBe(0)
    expect(breaker.admit(month)).not.toBe(0)
  })
})

describe('a probe within the stack', () => {
  const settings = {
    breaker: { failures: 3, recovery: 1000, recoveryGrowth: 1, recoveryJitter: 0 },
    retry: { attempts: 4, jitter: 'none', budget: 'none' },
  } as const

  /** A stack that is due to probe: three POSTs failed (which are not retried), and a second went by. */
  function due(more: object, probing: Parameters<typeof world>[1] = () => ({})) {
    let down = true
    const made = world({ ...settings, ...more }, (hit, ordinal) => (down ? { status: 503 } : probing(hit, ordinal)))
    for (let turn = 0; turn < 3; turn++) made.settle(POST, 0)
    down = false
    made.clock.advance(1000)
    made.hits.length = 0
    return made
  }

  it('H14 a refusal by our own limits is neutral for the probe', () => {
    const { stack, call, clock } = due({ rateLimit: { limit: 3, per: '1h', burst: 3 } })
    expect(call().result).toMatchObject({ is: 'rejected', reason: 'rate_limited' })
    expect(stack.snapshot().breaker).toMatchObject({ state: 'half_open', totals: { neutral: 1 } })
    clock.advance(3_600_000)
    expect(call().result).toBeUndefined()
  })

  it('H15 the client of a probe goes away: its place is free, the state is what it was', () => {
    const { stack, call, clock, hits } = due({}, () => ({ after: Number.POSITIVE_INFINITY }))
    const probe = call()
    clock.advance(50)
    probe.abort()
    expect(probe.result).toEqual({ is: 'aborted', attempts: 1 })
    expect(stack.snapshot().breaker?.state).toBe('half_open')
    call()
    expect(hits.map(({ probe: probing }) => probing)).toEqual([true, true])
  })

  it('H20 nobody queues for the result of a probe', () => {
    const { call, clock, hits } = due({}, () => ({ after: 200 }))
    call()
    const others = Array.from({ length: 500 }, () => call())
    expect(others.every(({ result }) => result?.is === 'rejected')).toBe(true)
    clock.advance(1000)
    expect(hits.length).toBe(1)
  })

  it('H21 a probe is never retried', () => {
    const { settle, hits, stack } = due({}, () => ({ status: 503 }))
    expect(settle()).toMatchObject({ is: 'failed', attempts: 1, why: 'probe' })
    expect(hits.length).toBe(1)
    expect(stack.snapshot().breaker).toMatchObject({ state: 'half_open', failureCount: 3 })
  })

  it('a retry whose wait outlasts the recovery is no probe', () => {
    const { clock, call, hits } = world({ ...settings, retry: { ...settings.retry, base: 2000 } }, (_hit, ordinal) =>
      ordinal === 0 ? { status: 503 } : { status: 503, after: 10 },
    )
    const retried = call()
    for (let turn = 0; turn < 2; turn++) call(POST)
    clock.advance(3000)
    expect(hits.length).toBe(3)
    expect(retried.result).toMatchObject({ is: 'rejected', reason: 'circuit_open', attempts: 1, last: { status: 503 } })
  })

  it('keeps a probe whose answer is still streaming, until the deadline of its call', () => {
    const streaming = { timeout: { attempt: 500, total: 10_000 } }
    const { stack, call, clock } = due(streaming, () => ({ body: { after: 8000, end: 'complete' } }))
    call()
    clock.advance(7999)
    expect(stack.snapshot().breaker).toMatchObject({ state: 'half_open', totals: { rejected: 0 } })
    expect(call().result).toMatchObject({ reason: 'circuit_open' })
    clock.advance(1)
    expect(stack.snapshot().breaker?.state).toBe('closed')
  })

  it('loses a probe whose driver forgot it, a second after the attempt timeout', () => {
    const clock = virtualClock()
    const { stack, settle } = world({ ...settings, timeout: { attempt: 500 } }, () => ({ status: 503 }), { clock })
    for (let turn = 0; turn < 3; turn++) settle(POST, 0)
    clock.advance(1000)
    stack.call({ method: 'GET', idempotent: true, replayable: true }).next()
    clock.advance(1499)
    expect(stack.snapshot().breaker?.state).toBe('half_open')
    clock.advance(1)
    expect(stack.snapshot().breaker).toMatchObject({ state: 'open', openedAt: 2500 })
  })
})
