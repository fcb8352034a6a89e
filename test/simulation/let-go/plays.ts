// Plays in a process of their own, whose engine is told not to make anything among old objects; prints how much each has left there, in bytes.
import geminiOutage from '../../../scenarios/gemini-outage.ts'
import type { Part } from '../../../src/evidence/fold/wanted.ts'
import { judge } from '../../../src/judge/judge.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { loadCast, simulate } from '../../../src/simulation/simulate.ts'

const PLAYS = 12

const read = new Set<Part>()
const left: number[] = []
for (let seed = 1; seed <= PLAYS; seed++) {
  const plan = planScenario(geminiOutage, { seed, settings: 'ci', source: 'gemini-outage.ts', ratePerSecond: 100 })
  const cast = await loadCast(plan)
  const before = used()
  play(() => judge(plan, simulate(plan, { cast, read })))
  left.push(used() - before)
}
console.log(JSON.stringify(left))

/** What survives two collections of young objects is among the old ones. */
function used(): number {
  for (let time = 0; time < 2; time++) gc!({ type: 'minor' })
  return process.memoryUsage().heapUsed
}

/** In a frame of its own, which holds nothing once it is left. */
function play(one: () => unknown): void {
  one()
}
