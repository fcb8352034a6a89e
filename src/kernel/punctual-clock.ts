// A clock whose callbacks come within a few hundredths of a millisecond of their time. The platform's timers know whole
// milliseconds only; so for the last one the event loop is kept turning, and every turn looks at the time.
//
//   after(50) ── timer ──▶ 49 ── turn, turn, turn ──▶ 50        sockets are served in every turn
import type { Cancel, Clock, Ms } from './clock.ts'

const LAST_STRETCH: Ms = 1
// What is watched for costs a processor: a tenth of one at most, saved up for a second. Beyond that, timers are exact enough.
const SHARE = 0.1
const SAVED_FOR: Ms = 1000

interface Waiting {
  due: Ms
  fn: () => void
}

/** Costs nothing while no callback is due within a millisecond. */
export function punctual(clock: Clock): Clock {
  const near: Waiting[] = [] // by due time, ties in the order they were set
  let turning = false
  let lookedAt: Ms = 0
  // Until when the share is spent.
  let paidUntil: Ms = 0

  const turn = (): void => {
    if (near.length === 0) {
      turning = false
      return
    }
    setImmediate(turn)
    const now = clock.now()
    paidUntil = Math.max(paidUntil, now - SAVED_FOR) + (now - lookedAt) / SHARE
    lookedAt = now
    while (near[0] && near[0].due <= now) near.shift()!.fn()
  }

  const watch = (waiting: Waiting, now: Ms): void => {
    near.splice(near.findLastIndex((other) => other.due <= waiting.due) + 1, 0, waiting)
    if (turning) return
    turning = true
    lookedAt = now
    setImmediate(turn)
  }

  return {
    now: () => clock.now(),
    sleep: (delay, signal) => clock.sleep(delay, signal),
    after(delay, fn) {
      const set = clock.now()
      const waiting = { due: set + Math.max(delay, 0), fn }
      let cancel: Cancel | undefined
      const approach = (now: Ms): void => {
        if (paidUntil < now) watch(waiting, now)
        else cancel = clock.after(waiting.due - now, fn)
      }
      if (delay <= LAST_STRETCH) approach(set)
      else cancel = clock.after(delay - LAST_STRETCH, () => approach(clock.now()))
      return () => {
        const at = near.indexOf(waiting)
        if (at >= 0) near.splice(at, 1)
        cancel?.()
      }
    },
  }
}
