import { expect, it } from 'vitest'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { knownCriterion } from '../../src/criteria/criteria.ts'
import { errorRate } from '../../src/criteria/error-rate.ts'
import { status } from '../../src/faults/request/status.ts'
import { plannedRequests } from '../../src/plan/plan-index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { perSecond, ramp } from '../../src/scenario/load.ts'
import { atRate, flapping, phase, warmUp } from '../../src/scenario/phases.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { reference, scenario } from '../../src/scenario/scenario.ts'

const story = scenario('flaps', {
  story: 'Gemini comes and goes.',
  upstreams: { gemini },
  gateway: reference({ gemini: {} }),
  load: { rate: perSecond(200), mix: [gemini.generateContent()] },
  phases: () => [
    warmUp('3s'),
    phase('steady', '10s'),
    ...flapping('flap', 2, { bad: '2s', good: '2s' }, status('gemini', 503)),
    atRate(ramp(100, 400), phase('recovery', '20s')),
  ],
  criteria: [errorRate.build.errorRate().during('recovery').below('0.1%'), errorRate.build.errorRate().during('flap 1 good').below('2%')],
})
const planAt = (ratePerSecond?: number): Plan =>
  planScenario(story, { seed: 42, settings: 'ci', source: 'flaps.ts', ...(ratePerSecond !== undefined && { ratePerSecond }) })
const secondsOf = ({ phases }: Plan): Record<string, number> =>
  Object.fromEntries(phases.map(({ name, startMs, endMs }) => [name, (endMs - startMs) / 1000]))

it('sends as many requests before and after the faults at a lower rate, and leaves the faults as long as they are', () => {
  const plan = planAt(100)
  expect(plan.load.rate.map(({ startPerSecond, endPerSecond }) => [startPerSecond, endPerSecond])).toEqual([
    ...Array.from({ length: 6 }, () => [100, 100]),
    [50, 200],
  ])
  expect(secondsOf(plan)).toEqual({
    'warm-up': 3,
    steady: 20,
    'flap 1 bad': 2,
    'flap 1 good': 2,
    'flap 2 bad': 2,
    'flap 2 good': 4,
    recovery: 40,
  })
})

it('stretches a phase between faults where a criterion could not be decided otherwise', () => {
  const plan = planAt(20)
  for (const { criterion } of plan.criteria) {
    const known = knownCriterion(criterion)
    for (const phases of known.samplesIn(plan))
      expect(phases.reduce((total, { name }) => total + plannedRequests(plan, name), 0)).toBeGreaterThanOrEqual(known.needs)
  }
  // 149 requests take about 7.5 s.
  expect(secondsOf(plan)['flap 1 good']).toBeGreaterThan(7)
  expect(secondsOf(plan)['flap 1 good']).toBeLessThan(9)
  expect(secondsOf(plan)['flap 1 bad']).toBe(2)
})

it('shortens nothing at a higher rate, and changes nothing without one', () => {
  expect(secondsOf(planAt(400))).toEqual(secondsOf(planAt()))
  expect(planAt(200)).toEqual(planAt())
})
