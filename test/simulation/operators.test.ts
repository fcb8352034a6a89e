import { expect, it } from 'vitest'
import langwatchManualReset from '../../scenarios/langwatch-manual-reset.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { Simulation } from '../../src/simulation/simulation.ts'

const plan = planScenario(langwatchManualReset, { seed: 42, settings: 'ci', source: 'scenarios/langwatch-manual-reset.ts' })

async function journalOf(asked: Plan): Promise<JournalEvent[]> {
  const journal: JournalEvent[] = []
  const write = (event: JournalEvent): void => void journal.push(event)
  const simulation = new Simulation(asked, { cast: await loadCast(asked), calibration: defaultCalibration, run: 'r', write })
  while (!simulation.advance(1000));
  return journal
}

const resetting = (journal: readonly JournalEvent[]) =>
  journal.flatMap((event) => (event.type === 'request' && event.route === 'an operator resets the breaker' ? [event] : []))

it('closes a breaker by hand when an operator asks for it, long before it would ask by itself', async () => {
  const evidence = simulate(plan, { cast: await loadCast(plan) })
  expect(evidence.transitions.map(({ from, to, cause }) => `${from} ${to} ${cause}`)).toEqual(['closed open failures', 'open closed reset'])
  const begin = plan.phases.find(({ name }) => name === 'reset')!.startMs
  expect(Math.abs(evidence.transitions[1]!.atMs - begin)).toBeLessThan(20)
  const { result, why } = judge(plan, evidence)
  expect({ result, why }).toEqual({ result: 'pass', why: [] })
})

it('answers the operator once, with the same bytes for the same seed, and no upstream hears of it', async () => {
  const [first, again] = [await journalOf(plan), await journalOf(plan)]
  expect(resetting(first)).toHaveLength(1)
  expect(resetting(first)[0]).toMatchObject({ outcome: 'ok', status: 200, method: 'POST' })
  expect(resetting(again)).toEqual(resetting(first))
  const { id } = resetting(first)[0]!
  expect(first.filter((event) => (event.type === 'arrival' || event.type === 'attempt') && event.request === id)).toEqual([])
})

it('tells an operator that there is no such breaker', async () => {
  const mix = plan.load.mix.map((route) => ({
    ...route,
    paths: route.paths.map((path) => path.replace('langwatch/reset', 'nobody/reset')),
  }))
  const journal = await journalOf({ ...plan, load: { ...plan.load, mix } })
  expect(resetting(journal)).toMatchObject([{ outcome: 'upstream_error', status: 404, error: 'not_found' }])
  expect(journal.some((event) => event.type === 'transition' && event.cause === 'reset')).toBe(false)
})
