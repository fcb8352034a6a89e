// Tuning on the simulated stage, in threads, of a scenario whose best settings follow from a calculation.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findScenario } from '../../src/project/find-scenario.ts'
import { stableJson } from '../../src/run/bundle/stable-json.ts'
import { type Calibration, type Leg, legs, quantiles } from '../../src/simulation/calibration/calibration.ts'
import { spaceOf } from '../../src/tuning/space/space.ts'
import { type TuneOptions, readyToTune, trialsIn, tune } from '../../src/tuning/tune.ts'
import type { Tuned } from '../../src/tuning/tuned.ts'
import { ANSWER_MS, BACKOFF_MS, BOUND_MS } from './scenarios/planted-timeout.ts'
import { FAILING_IN_A_ROW } from './scenarios/planted.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tune-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const planted = await findScenario('test/tuning/scenarios/planted.ts')

async function tuned(options: Partial<TuneOptions> & { set?: Record<string, unknown> } = {}): Promise<Tuned> {
  const { set = { 'orders.breaker.failures': '3..40' }, ...others } = options
  const ready = await readyToTune({
    scenarios: [planted],
    ...spaceOf(set),
    plan: { settings: 'ci' },
    seed: 42,
    named: ['wasted-calls'],
    budget: { trials: 80 },
    workers: 2,
    folder,
    resume: false,
    signal: new AbortController().signal,
    tell: () => {},
    ...others,
  })
  return tune(ready)
}

describe('tuning a threshold', () => {
  it('finds the planted optimum, and the cliff where it is', { timeout: 120_000 }, async () => {
    // So many failures in a row open a breaker of that threshold: the best one is one above, and what it wastes is itself, the ten of the
    // blip, the probes of 2.5 s of outage a second apart, and what is on its way when it opens.
    const best = FAILING_IN_A_ROW + 1
    const wasted = best + FAILING_IN_A_ROW + 2
    const result = await tuned()
    expect(result.recommended).toMatchObject({ settings: { 'orders.breaker.failures': best }, passes: true, failed: 0 })
    expect(result.recommended!.scores['wasted-calls']).toBeGreaterThanOrEqual(wasted)
    expect(result.recommended!.scores['wasted-calls']).toBeLessThanOrEqual(wasted + 2)
    expect(result.cliffs![0]!.below).toMatchObject({
      at: FAILING_IN_A_ROW,
      lastPassing: best,
      obstacle: { criterion: "orders's breaker stays closed during steady and blip", result: 'fail' },
    })
    expect(result.present!.scores['wasted-calls'] - result.recommended!.scores['wasted-calls']).toBeCloseTo(20 - best, 0)
    expect(result.presentValues).toEqual([20])
  })

  it(
    'finds the best timeout of an attempt, which follows from how long answers take, and both of its cliffs',
    { timeout: 120_000 },
    async () => {
      // On a machine that adds nothing.
      const none = Array.from({ length: quantiles.length }, () => 0)
      const calibration: Calibration = {
        // Object.fromEntries forgets the names, which are the table's.
        ...(Object.fromEntries(legs.map((leg) => [leg, none])) as Record<Leg, number[]>),
        gatewayWork: 0,
      }
      const { recommended, cliffs, present } = await tuned({
        scenarios: [await findScenario('test/tuning/scenarios/planted-timeout.ts')],
        set: { 'prices.timeout.attempt': '20ms..400ms' },
        named: [],
        budget: { trials: 80 },
        calibration,
      })
      const p95 = (timeoutMs: number): number => timeoutMs + BACKOFF_MS + ANSWER_MS
      expect(recommended!.values[0]).toBeGreaterThanOrEqual(ANSWER_MS)
      expect(recommended!.values[0]).toBeLessThanOrEqual(ANSWER_MS + 4)
      // Two values of a margin of which one is a hundredth better are as good as each other: 3 ms of p95.
      expect(recommended!.scores.margin).toBeCloseTo(1 - p95(recommended!.values[0]!) / BOUND_MS, 1)
      expect(present!.scores.margin).toBeCloseTo(1 - p95(200) / BOUND_MS, 1)
      const [found] = cliffs!
      expect(found!.below!.lastPassing).toBeLessThanOrEqual(ANSWER_MS + 1)
      expect(found!.below!.at).toBeGreaterThanOrEqual(ANSWER_MS - 1)
      expect(found!.below!.obstacle).toMatchObject({ criterion: 'error rate during slow is below 20 %', result: 'fail' })
      const highest = BOUND_MS - BACKOFF_MS - ANSWER_MS
      // p95 is told in steps of a hundredth.
      expect(Math.abs(found!.above!.at - highest)).toBeLessThanOrEqual(0.02 * BOUND_MS)
      expect(found!.above!.obstacle).toMatchObject({ criterion: 'p95 during slow is below 300 ms' })
    },
  )

  it('gives the same bytes with one worker, with two and with three', { timeout: 120_000 }, async () => {
    const one = await tuned({ workers: 1, budget: { trials: 20 } })
    for (const workers of [2, 3]) expect(stableJson(await tuned({ workers, budget: { trials: 20 } }))).toBe(stableJson(one))
    expect(one.trials).toBeGreaterThan(10)
  })

  it('goes on where it was interrupted, and ends as if it had not been', { timeout: 120_000 }, async () => {
    const whole = await tuned({ budget: { trials: 20 } })
    const interruption = new AbortController()
    const cut = await tuned({
      budget: { trials: 20 },
      signal: interruption.signal,
      tell: ({ played }) => void (played >= 12 && interruption.abort(new Error('interrupted'))),
    })
    expect(cut.ended).toBe('interrupted')
    // As after a kill in the middle of a line.
    writeFileSync(trialsIn(folder), readFileSync(trialsIn(folder), 'utf8').slice(0, -20))
    const kept = readFileSync(trialsIn(folder), 'utf8').split('\n').length
    expect(stableJson(await tuned({ budget: { trials: 20 }, resume: true }))).toBe(stableJson(whole))
    expect(kept).toBeGreaterThan(10)
    await expect(tuned({ budget: { trials: 40 }, resume: true })).rejects.toThrow(
      'is of another tuning, and cannot be resumed: another --trials or --within; leave out --resume',
    )
  })

  it('keeps what was tried by the time that it is interrupted, in the present settings too', { timeout: 60_000 }, async () => {
    const interruption = new AbortController()
    const cut = await tuned({
      budget: { withinMs: 600_000 },
      // Plays of one worker end in the order in which they were begun.
      workers: 1,
      signal: interruption.signal,
      tell: ({ played }) => void (played >= 3 && interruption.abort(new Error('interrupted'))),
    })
    expect(cut).toMatchObject({ ended: 'interrupted', recommended: null, present: { passes: true } })
  })

  it('says that the time is too short, which is nobody interrupting it', { timeout: 60_000 }, async () => {
    await expect(tuned({ budget: { withinMs: 1 } })).rejects.toMatchObject({
      code: 'usage',
      message: 'the time was over before the present settings were tried; give more, such as --within 2m',
    })
  })

  it('says which criterion stands in the way where nothing passes', { timeout: 60_000 }, async () => {
    const result = await tuned({ set: { 'orders.breaker.failures': '2..9' }, budget: { trials: 20 } })
    expect(result.recommended).toBeNull()
    expect(result.nearest!.obstacles[0]).toMatchObject({
      criterion: "orders's breaker stays closed during steady and blip",
      result: 'fail',
    })
  })
})

describe('what cannot be tuned', () => {
  it.each([
    [{ 'orders.breaker.failurs': '3..20' }, '--set orders.breaker.failurs  unknown setting "failurs"; did you mean "failures"?'],
    [{ 'order.breaker.failures': '3..20' }, 'unknown upstream "order"; did you mean "orders"?'],
    [{ 'orders.breaker.failures': '1.5..4' }, '--set orders.breaker.failures'],
    [{ 'orders.breaker.failures': '1s..4s' }, '--set orders.breaker.failures'],
    [
      { 'orders.breaker.recovery': '5..90' },
      '--set orders.breaker.recovery  is a span of time: write its range with units, such as 5s..90s',
    ],
    [{ 'orders.breaker.failures': '-4..-1' }, '--set orders.breaker.failures'],
  ])('is refused before anything is played: %j', async (set, told) => {
    await expect(tuned({ set })).rejects.toThrow(told)
  })

  it('needs trials enough to say anything', async () => {
    await expect(tuned({ budget: { trials: 5 } })).rejects.toThrow('--trials 5: a search takes at least 20 trials')
  })
})
