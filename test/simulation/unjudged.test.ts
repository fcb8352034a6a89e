// A criterion about the gateway's process: a simulation leaves it undecided, says so, and never calls the run a pass.
import { expect, it } from 'vitest'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { criteria, errorRate, perSecond, phase, reference, scenario } from '../../src/index.ts'
import type { WrittenCriterion } from '../../src/criteria/writing/call-site.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { unjudgedSentence, withoutUnjudged } from '../../src/simulation/unjudged.ts'
import { evaluate } from '../../src/tuning/trial/evaluate.ts'

const { growth } = criteria
const planWith = (...demanded: WrittenCriterion[]): Plan => {
  const written = scenario('short', {
    story: 'Gemini is asked.',
    upstreams: { gemini },
    gateway: reference({ gemini: { timeout: { attempt: '1s', total: '2s' } } }),
    load: { rate: perSecond(50), mix: [gemini.generateContent({ weight: 1 })] },
    phases: () => [phase('steady', '4s'), phase('later', '4s')],
    criteria: demanded,
  })
  return planScenario(written, { seed: 5, settings: 'ci', source: 'short.ts' })
}
const healthy = errorRate().during('steady').below('50%')
const processes = [growth().memoryBelow('50MB'), growth().descriptorsBelow(20), growth().processorBelow('10%')]
const judged = async (plan: Plan) => judge(plan, simulate(plan, { cast: await loadCast(plan) }))

it('makes no pass of a run that leaves one out, however good the rest is', async () => {
  const { result, counts, why } = await judged(planWith(healthy, ...processes))
  expect({ result, counts }).toEqual({ result: 'inconclusive', counts: { pass: 1, fail: 0, inconclusive: 3 } })
  expect(why).toHaveLength(3)
  expect(why[0]).toContain('no process was there whose')
})

it('accepts a plan with others besides, and refuses one that demands nothing else', () => {
  expect(refusalOf(planWith(healthy, ...processes), defaultCalibration)).toEqual([])
  const [refusal] = refusalOf(planWith(...processes), defaultCalibration)
  expect(refusal!.message).toContain("are all about the gateway's process, which a simulation does not have")
})

it('says in one line what is not judged, by its id', () => {
  expect(unjudgedSentence(planWith(healthy))).toBeUndefined()
  expect(unjudgedSentence(planWith(healthy, growth().memoryBelow('50MB')))).toBe(
    "short: C2 (memory_growth) is about the gateway's process, which a simulation does not have: it is not judged; run it live",
  )
  expect(unjudgedSentence(planWith(healthy, ...processes))).toMatch(
    /^short: C2 \(memory_growth\) and C3 \(descriptor_growth\) and C4 \(processor_growth\) are about .*: they are not judged; run it live$/,
  )
})

it('lets a tuning compare candidates by the rest alone, under the ids that they have', async () => {
  const plan = planWith(...processes, healthy)
  expect(withoutUnjudged(plan).criteria.map(({ id }) => id)).toEqual(['C4'])
  const cast = await loadCast(plan)
  const trial = { scenario: 'short', settings: {}, seed: 5 }
  const played = await evaluate(trial, { planOf: () => withoutUnjudged(plan), simulate: (each) => simulate(each, { cast }) })
  expect(played).toMatchObject({ is: 'judged', result: 'pass', margins: [{ result: 'pass' }] })
})
