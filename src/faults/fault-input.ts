// Faults as an author writes them: what the builders return and a phase takes. Nothing is checked yet.
import type { ToxicStream } from './network/toxic.ts'
import type { Hits } from './hits.ts'
import type { CustomFaultDefinition } from './custom-fault.ts'

/** An upstream, or its name. */
export type UpstreamName = string | { name: string }

/** Towards the upstream, away from it, or both: two toxics then, each with the attributes given. */
export type Direction = ToxicStream | 'both'

export interface RequestFaultInput {
  made: 'request'
  upstream: string
  fault: { is: string; [field: string]: unknown }
  hits: Hits
  /** Of a fault of the author's own. */
  custom?: CustomFaultDefinition
}

export type NetworkFaultInput =
  | {
      made: 'network'
      upstream: string
      is: 'toxic'
      toxic: { type: string; attributes: Record<string, unknown> }
      stream: Direction
      toxicity: number
    }
  | { made: 'network'; upstream: string; is: 'down' }

export interface ProcessFaultInput {
  made: 'process'
  /** A process of the stage, or the name of an upstream. */
  role: string
  fault: { is: string; [field: string]: unknown }
}

/** A fault in written form. */
export type FaultInput = RequestFaultInput | NetworkFaultInput | ProcessFaultInput

/** A fault that the fake makes, per request. */
export function onRequests(upstream: UpstreamName, fault: RequestFaultInput['fault'], hits: Hits): RequestFaultInput {
  return { made: 'request', upstream: nameOf(upstream), fault, hits }
}

export function nameOf(upstream: UpstreamName): string {
  return typeof upstream === 'string' ? upstream : upstream.name
}
