import fc from 'fast-check'
import { expect, it } from 'vitest'
import geminiOutage from '../../../scenarios/gemini-outage.ts'
import type { ArrivalEvent } from '../../../src/evidence/events.ts'
import { MOST_PACED, pace } from '../../../src/evidence/tallies/pace.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { propertyRuns } from '../../property-runs.ts'

const plan = planScenario(geminiOutage, { seed: 1, settings: 'ci', source: 'gemini-outage.ts' })

/** The definition: for each number of arrivals, all stretches that end in the phase. */
function shortest(times: readonly number[], fromMs: number, toMs: number): number[] {
  const spans = [0, 0]
  for (const [last, t] of times.entries()) {
    if (t < fromMs || t >= toMs) continue
    for (let n = 2; n <= Math.min(last + 1, MOST_PACED); n++)
      spans[n] = Math.min(spans[n] ?? Number.POSITIVE_INFINITY, t - times[last - n + 1]!)
  }
  return spans
}

it('finds the shortest time of every number of arrivals, as comparing all of them does', () => {
  const gap = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 200 }))
  fc.assert(
    fc.property(fc.array(gap, { minLength: 1, maxLength: 700, size: 'max' }), (gaps) => {
      const tally = pace.open({ plan, origin: 1000, now: () => 0 })
      let atMs = 0
      const times = gaps.map((each) => (atMs += each))
      // Nothing else of an arrival counts here.
      for (const each of times) tally.arrival!({ upstream: 'gemini', t: 1000 + each } as ArrivalEvent)
      const seen = tally.result().map(({ phase, shortestMs }) => [phase, shortestMs])
      const expected = plan.phases.flatMap(({ name, startMs, endMs }, at) => {
        const toMs = at === plan.phases.length - 1 ? Number.POSITIVE_INFINITY : endMs
        return times.some((t) => t >= startMs && t < toMs) ? [[name, shortest(times, startMs, toMs)]] : []
      })
      expect(seen).toEqual(expected)
    }),
    { numRuns: propertyRuns(0.05) },
  )
})
