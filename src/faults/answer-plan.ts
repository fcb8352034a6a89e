// What is done to one request, as the sum of the faults that hit it. Each kind of fault adds its part (faults/), so that they compose:
// latency on top of a status, a drip that is cut in the middle.
import type { ZodType } from 'zod'
import type { Ms } from '../kernel/clock.ts'
import type { RequestFault } from './request-fault.ts'
import type { Draw } from './latency.ts'

export interface Treatment {
  /** Added to the healthy latency. */
  delayMs: Ms
  /** Never answered: all else is moot. */
  hangs: boolean
  /** In place of the route's own reply: the upstream's error body with this status. */
  status?: { code: number; headers: Record<string, string> }
  malformed: boolean
  /** Body in so many pieces, so far apart. */
  drip?: { pieces: number; intervalMs: Ms }
  cut?: Cut
}

/** Where an answer breaks off: before its first byte, or after `fraction` (0–1) of its body; and whether by RST or by FIN. */
export interface Cut {
  at: 'before_headers' | 'mid_body'
  fraction: number
  how: 'reset' | 'end'
}

/** A kind of fault: what is accepted as one, and what it does. */
export interface FaultKind<Is extends RequestFault['is']> {
  schema: ZodType<RequestFault & { is: Is }>
  /** Changes `treatment`; `draw` belongs to this fault and this request. */
  apply(fault: RequestFault & { is: Is }, treatment: Treatment, draw: Draw): void
}

export function untreated(): Treatment {
  return { delayMs: 0, hangs: false, malformed: false }
}

/** Of two cuts the earlier one is seen; of two at one place, the reset. */
export function cutAt(treatment: Treatment, cut: Cut): void {
  if (treatment.cut === undefined || place(cut) < place(treatment.cut)) treatment.cut = cut
}

function place({ at, fraction, how }: Cut): number {
  return (at === 'before_headers' ? -2 : fraction) - (how === 'reset' ? 1e-9 : 0)
}
