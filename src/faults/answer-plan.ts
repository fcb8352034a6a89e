// What happens to one answer: the sum of the request faults that hit it. Each fault adds its part, so that faults compose:
// latency on top of a status, a drip that is cut in the middle.
//
//   fault ─apply─▶ AnswerPlan ──▶ the bytes (upstreams/answering/answer.ts) ──▶ a socket, or a Response under MSW
//
// Server and MSW handlers carry out the plan, so a new fault needs no line in either.
import type { Ms } from '../kernel/clock.ts'

export interface AnswerPlan {
  /** Added to the healthy latency. */
  delayMs: Ms
  /** The request is never answered: everything else is moot. */
  hangs: boolean
  /** In place of the route's own reply: the upstream's error body with this status. */
  status?: { code: number; headers: Record<string, string> }
  /** Changes to each piece of the body, in order. The altered body is sent in full, with its own length. */
  alter: ((piece: Buffer) => Buffer)[]
  /** The body goes out in so many pieces, so far apart. */
  drip?: { pieces: number; intervalMs: Ms }
  cut?: Cut
  /** The answer tells this error in place of the rest of it, after `fraction` (0–1) of its pieces; its head has said 200 by then. */
  errorInside?: { status: number; fraction: number }
  /** The request needs a worker of these, or a place in their queue. Workers grow from `from` to `workers` within `overMs`. */
  capacity?: { workers: number; queue: number; from: number; overMs: Ms }
  /** The connection is closed, unannounced, after an answer that is at least the n-th on it. */
  closesAfter?: number
}

/**
 * Where an answer breaks off: before its first byte, after `fraction` (0–1) of its bytes, or after `fraction` of its pieces, which
 * leaves the events of a stream whole. How: by RST, by FIN, not at all (the rest never comes), or as if it were complete.
 */
export interface Cut {
  at: 'before_headers' | 'mid_body' | 'between_pieces'
  fraction: number
  how: 'reset' | 'end' | 'hold' | 'complete'
}

/** The answer of a healthy upstream. */
export function healthyPlan(): AnswerPlan {
  return { delayMs: 0, hangs: false, alter: [] }
}

/** The same, for all that no fault hits. */
export const HEALTHY: AnswerPlan = Object.freeze(healthyPlan())

/** Adds a cut. Of two cuts the client sees the earlier one; of two at one place, the reset. */
export function cutAnswer(plan: AnswerPlan, cut: Cut): void {
  if (plan.cut === undefined || place(cut) < place(plan.cut)) plan.cut = cut
}

// A reset drops what was under way, so that it is felt first.
function place({ at, fraction, how }: Cut): number {
  return (at === 'before_headers' ? -2 : fraction) - (how === 'reset' ? 1e-9 : 0)
}
