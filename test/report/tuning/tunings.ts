// Tunings of a world that is written by hand, searched in no time: one with a recommendation, one in which nothing passes.
import { seededRandom } from '../../../src/kernel/random.ts'
import { type ObjectiveName, priorities } from '../../../src/tuning/search/objectives.ts'
import { search } from '../../../src/tuning/search/search.ts'
import { spaceOf } from '../../../src/tuning/space/space.ts'
import type { Trial, TrialResult } from '../../../src/tuning/trial/trial.ts'
import type { Tuned } from '../../../src/tuning/tuned.ts'
import { tunedOf } from '../../../src/tuning/tuned.ts'
import { plan } from '../reference-run.ts'
import { failed, passed } from '../../tuning/trial-results.ts'

const { space } = spaceOf({ 'gemini.breaker.failures': '3..40', 'gemini.breaker.recovery': '1s..60s', 'gemini.retry.attempts': '1..6' })

function world({ settings, seed }: Trial): TrialResult {
  const failures = Number(settings['gemini.breaker.failures'] ?? 25)
  const recoveryMs = Number.parseFloat(String(settings['gemini.breaker.recovery'] ?? '30s')) * 1000
  const attempts = Number(settings['gemini.retry.attempts'] ?? 3)
  if (failures < 11) return failed("gemini's breaker stays closed during steady")
  if (recoveryMs > 40_000) return { is: 'refused', why: 'scenarios/x.ts: 1 problem\n  claims[0]  the story is too short for 60 s' }
  if (attempts < 2) return failed('error rate during steady is below 1 %')
  const noise = (seed % 8) / 100
  return passed({
    margin: Math.max(0.01, 0.2 + attempts / 20 - Math.abs(failures - 18) / 60 + noise),
    wastedCalls: (failures + 60_000 / recoveryMs) * attempts + noise,
    lostGoodput: 0.1 + recoveryMs / 1e6,
    recoveryMs: recoveryMs / 2,
  })
}

export async function tuning(play: (trial: Trial) => TrialResult = world, first: ObjectiveName[] = ['wasted-calls']): Promise<Tuned> {
  const order = priorities(first, 1000)
  const found = await search({
    space,
    scenarios: [plan.scenario],
    present: [25, 30_000, 3],
    budget: 900,
    seed: 42,
    order,
    random: seededRandom(42),
    play: async (trials) => trials.map(play),
  })
  return tunedOf(found, { plans: [plan], settings: 'ci', fixed: {}, space, order, ended: null })
}

/** Recommended, and not quite confirmed. */
export async function recommended(): Promise<Tuned> {
  const tuned = await tuning()
  const { settings } = tuned.recommended!
  const criterion = 'p95 of gemini during recovery is below 2s'
  tuned.confirmations = [
    { settings, scenario: plan.scenario, seed: 42, live: 'pass', simulated: 'pass', unpassed: [], disagreements: [] },
    {
      settings,
      scenario: 'other-story',
      seed: 42,
      live: 'fail',
      simulated: 'pass',
      unpassed: [{ criterion, result: 'fail', why: 'p95 is 2.4 s' }],
      disagreements: [{ criterion, live: 'fail', simulated: 'pass', why: 'p95 is 2.4 s' }],
    },
  ]
  return tuned
}

export const nothingPasses = (): Promise<Tuned> => tuning(() => failed('p95 of gemini is below 1ms'))
