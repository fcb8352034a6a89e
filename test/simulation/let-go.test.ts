// Plays follow each other by the hundred. What a play has made goes with it, without a collection of all that there is: young objects are
// collected for next to nothing, unless something old still points to them.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import geminiOutage from '../../scenarios/gemini-outage.ts'
import type { Part } from '../../src/evidence/fold/wanted.ts'
import { judge } from '../../src/judge/judge.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'

const PLAYS = 10
/** In bytes: less than the fold of one play. */
const MOST_KEPT = 1_000_000

setFlagsFromString('--expose-gc')
// The engine may choose to make what often lives long among old objects. That is its own affair.
setFlagsFromString('--no-allocation-site-pretenuring')

it('leaves hardly anything of a play that only a full collection would find', { timeout: 60_000 }, async () => {
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
  const read = new Set<Part>()
  const kept: number[] = []
  for (let seed = 1; seed <= PLAYS; seed++) {
    const plan = planScenario(geminiOutage, { seed, settings: 'ci', source: 'gemini-outage.ts', ratePerSecond: 100 })
    const cast = await loadCast(plan)
    const used = (): number => {
      // What survives two of them is among the old ones.
      collect({ type: 'minor' })
      collect({ type: 'minor' })
      return process.memoryUsage().heapUsed
    }
    const before = used()
    judged(() => judge(plan, simulate(plan, { cast, read })))
    kept.push(used() - before)
  }
  // Collections in the midst of a play, and warming up, make it seem more.
  expect(Math.min(...kept), kept.join(' ')).toBeLessThan(MOST_KEPT)
})

/** In a frame of its own, which holds nothing once it is left. */
function judged(play: () => unknown): void {
  play()
}
