// From when on nearly all requests pass to an upstream again.
import type { Ms } from '../../../kernel/clock.ts'
import type { Plan } from '../../../plan/plan.ts'
import { rateInterval } from '../statistics/statistics.ts'
import { type Passage, type Span, passageIn, steadyTime } from './traffic.ts'

/** A share is nearly the steady one from here on, as a part of it. */
export const NEARLY = 0.9
/** What is surely less than nearly all, whatever the sample. */
const CLEARLY_LESS = 0.75
const MIN_ASKED = 5
const WINDOW: Ms = 1000
// Fewer requests say nothing of how things are when all is well.
const MIN_STEADY = 20

/** Which share (0–1) of the requests passes when all is well; 1 where no time shows it. A cache or shared calls make it less. */
export function steadyShare(plan: Plan, ticks: readonly Passage[], tickMs: Ms): number {
  const steady = steadyTime(plan)
  const { asked, passed } = steady ? passageIn(ticks, steady, tickMs) : { asked: 0, passed: 0 }
  return asked < MIN_STEADY ? 1 : passed / asked
}

/** Whether `passed` of `asked` may be nearly the steady share. */
export function isNearly({ asked, passed }: Passage, share: number): boolean {
  if (asked === 0 || passed / asked < CLEARLY_LESS * share) return asked > 0 && share === 0
  return rateInterval(passed, asked)[1] >= NEARLY * share
}

/** When the first second begins in which nearly all requests pass; null when there is none. Half-open lets some pass, and no more. */
export function nearlyAllFrom(ticks: readonly Passage[], { fromMs, toMs }: Span, share: number, tickMs: Ms): Ms | null {
  const last = Math.min(ticks.length, Math.floor(toMs / tickMs))
  for (let tick = Math.floor(fromMs / tickMs); tick < last; tick++) {
    const window = ticks.slice(tick, Math.min(last, tick + Math.ceil(WINDOW / tickMs)))
    const total = { asked: 0, passed: 0 }
    let start = 0
    const part = { asked: 0, passed: 0 }
    for (const [at, { asked, passed }] of window.entries()) {
      total.asked += asked
      total.passed += passed
      part.asked += asked
      part.passed += passed
      if (part.passed >= CLEARLY_LESS * share * part.asked) continue
      // What was refused at its beginning is no part of the stretch.
      start = at + 1
      part.asked = 0
      part.passed = 0
    }
    if (total.asked >= MIN_ASKED && isNearly(total, share) && part.asked > 0) return (tick + start) * tickMs
  }
  return null
}
