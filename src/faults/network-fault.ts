// The contract of a network fault: what the harness knows of a toxic. What the toxic does stands in toxiproxy/toxics/.
// A new fault is a file of this shape in network/ and a line in networks.ts.
import * as z from 'zod'
import type { Ms } from '../kernel/clock.ts'
import type { ExtendedToxicSpec, ToxicSpec, ToxicStream } from '../toxiproxy/toxics/toxic-spec.ts'
import type { Sighting } from './canary-signs.ts'
import { type Direction, nameOf, type NetworkFaultInput, type UpstreamName } from './fault-input.ts'
import type { Builders } from './request-fault.ts'

export type AnyToxic = ToxicSpec | ExtendedToxicSpec
/** The attributes of a toxic by its type; `down` has none. */
export type AttributesOf<Type extends AnyToxic['type'] | 'down'> = Type extends 'down'
  ? object
  : Extract<AnyToxic, { type: Type }>['attributes']

export interface NetworkFaultType<Type extends AnyToxic['type'] | 'down', Own extends Builders<NetworkFaultInput>> {
  /** The toxic's name on the wire; `down`: the proxy switched off. */
  readonly type: Type
  /** Accepts the range in which a server behaves. Outside it a real server crashes, or its numbers wrap around. */
  readonly attributes: z.ZodType<AttributesOf<Type>>
  readonly build: Own
  /** What shows that the fault acts, as a sentence; undefined while nothing does. */
  sign(attributes: AttributesOf<Type>, sighting: Sighting): string | undefined
  /** How much later than without the fault a request can arrive at the upstream, when the toxic is on that direction. */
  delayBound(attributes: AttributesOf<Type>): Ms
  /** Whether requests may fail to reach the upstream while the toxic is on this direction. An open breaker looks the same from there. */
  keepsRequests(stream: ToxicStream): boolean
}

/** A definition whose attributes are no longer known. It takes attributes that its own schema gave. */
export interface AnyNetworkFault {
  readonly attributes: z.ZodType
  sign(attributes: unknown, sighting: Sighting): string | undefined
  delayBound(attributes: unknown): Ms
  keepsRequests(stream: ToxicStream): boolean
}

/** Checks a definition; the types of its attributes and builders are kept. */
export function networkFaultType<const Type extends AnyToxic['type'] | 'down', const Own extends Builders<NetworkFaultInput>>(
  definition: NetworkFaultType<Type, Own>,
): NetworkFaultType<Type, Own> {
  return definition
}

/** A toxic by Toxiproxy's own name and attributes. `toxicity` is a share (0–1) of connections, not of requests. */
export function toxic(
  upstream: UpstreamName,
  type: string,
  attributes: Record<string, unknown>,
  { stream = 'downstream', toxicity = 1 }: { stream?: Direction; toxicity?: number } = {},
): NetworkFaultInput {
  return { made: 'network', upstream: nameOf(upstream), is: 'toxic', toxic: { type, attributes }, stream, toxicity }
}

/** A whole number that any server takes: Go's int on the smallest machine. */
export const whole = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)

/** For toxics that act on bytes on their way: those towards the upstream are requests. */
export const onWayToUpstream = (stream: ToxicStream): boolean => stream === 'upstream'

/** For toxics that end connections: a connection carries requests, whatever direction the toxic is on. */
export const always = (): boolean => true

/** For toxics that lose what they do not pass on at once. */
export const noDelay = (): Ms => 0

/** For toxics whose delay has no bound. */
export const unbounded = (): Ms => Number.POSITIVE_INFINITY
