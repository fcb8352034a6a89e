// A play of which only what is read is counted: its evidence and its verdict are those of the full one.
import { expect, it } from 'vitest'
import geminiOutage from '../../scenarios/gemini-outage.ts'
import { loadCriteria } from '../../src/criteria/custom.ts'
import { type Evidence, withParts } from '../../src/evidence/evidence.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { createFold } from '../../src/evidence/fold/fold.ts'
import { type Part, type Wanted, everything } from '../../src/evidence/fold/wanted.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { findScenario, planFound, scenarioNames } from '../../src/project/find-scenario.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { requestIdPrefix } from '../../src/simulation/run-id.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { Simulation } from '../../src/simulation/simulation.ts'

/** Of the load: what is read does not depend on it, and a hundred plays take their time. */
const RATE = 12

const planOf = (seed: number): Plan => planScenario(geminiOutage, { seed, settings: 'ci', source: 'gemini-outage.ts', ratePerSecond: RATE })

/** Own names of what is read when it is asked for. */
const leftOut = (evidence: Evidence): string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(evidence)).flatMap(([name, property]) => ('get' in property ? [name] : []))

it('judges every scenario that is simulated by the parts that its judgement reads alone', async () => {
  let judged = 0
  for (const name of scenarioNames()) {
    const found = await findScenario(name)
    const plan = await planFound(found, { seed: 1, settings: 'ci', source: found.source, ratePerSecond: RATE })
    if (refusalOf(plan, defaultCalibration).length > 0) continue
    const events = await eventsOf(plan)
    const custom = await loadCriteria(plan)
    const all = folded(events, plan, everything)
    const read = new Set<Part>()
    const rest: Wanted['rest'] = (part) => {
      read.add(part)
      return all[part]
    }
    // Every part that can be left out comes from the full evidence.
    const verdict = judge(plan, folded(events, plan, { parts: new Set(), rest }), custom)
    const missed: Part[] = []
    const lean = folded(events, plan, {
      parts: new Set(read),
      rest(part) {
        missed.push(part)
        return all[part]
      },
    })
    expect(judge(plan, lean, custom), name).toEqual(verdict)
    expect({ name, missed }).toEqual({ name, missed: [] })
    expect(leftOut(lean).length, name).toBeGreaterThan(0)
    // As text: a mismatch of all evidence is no help to anybody.
    expect(JSON.stringify(lean) === JSON.stringify(all), name).toBe(true)
    judged++
  }
  expect(judged).toBeGreaterThan(30)
}, 240_000)

it('counts what was read before, and fetches what is read for the first time', async () => {
  const [plan, cast] = [planOf(1), await loadCast(planOf(1))]
  const all = simulate(plan, { cast })
  const read = new Set<Part>(['flow'])
  const lean = simulate(plan, { cast, read })
  expect(lean.flow).toEqual(all.flow)
  expect([...read]).toEqual(['flow'])
  expect(lean.pace).toEqual(all.pace)
  expect([...read]).toEqual(['flow', 'pace'])
  const next = simulate(plan, { cast, read })
  expect(leftOut(lean)).toContain('pace')
  expect(leftOut(next)).not.toContain('pace')
  expect(next.pace).toEqual(all.pace)
})

it('gives the verdict of full evidence for every seed, whatever was read of the seeds before', async () => {
  const cast = await loadCast(planOf(1))
  const read = new Set<Part>()
  for (const seed of [1, 2]) {
    const plan = planOf(seed)
    expect(judge(plan, simulate(plan, { cast, read }))).toEqual(judge(plan, simulate(plan, { cast })))
  }
  expect(read.has('flow')).toBe(true)
  expect(read.has('sample')).toBe(false)
})

it('leaves out what was left out when other parts are replaced', async () => {
  const [plan, cast] = [planOf(1), await loadCast(planOf(1))]
  const read = new Set<Part>(['requests'])
  const replaced = withParts(simulate(plan, { cast, read }), { requests: [] })
  expect([...read]).toEqual(['requests'])
  expect(replaced.requests).toEqual([])
  expect(replaced.effects).toEqual(simulate(plan, { cast }).effects)
  expect([...read]).toEqual(['requests', 'effects'])
})

async function eventsOf(plan: Plan): Promise<JournalEvent[]> {
  const events: JournalEvent[] = []
  const write = (event: JournalEvent): void => void events.push(event)
  const simulation = new Simulation(plan, {
    cast: await loadCast(plan),
    calibration: defaultCalibration,
    run: requestIdPrefix(plan.seed, 1),
    write,
  })
  while (!simulation.advance(Number.POSITIVE_INFINITY));
  write({ type: 'end', t: simulation.now, reason: 'complete' })
  return events
}

function folded(events: readonly JournalEvent[], plan: Plan, wanted: Wanted): Evidence {
  const fold = createFold(plan, wanted)
  for (const event of events) fold.add(event)
  return fold.result()
}
