// The contract of a network fault: what the harness knows of it. What the proxy does is a toxic (toxic.ts), which the fault names.
// A new fault is a file of this shape in faults/, its toxic's in toxics/, and a line in networks.ts.
import * as z from 'zod'
import type { Ms } from '../../kernel/clock.ts'
import { type Direction, nameOf, type NetworkFaultInput, type UpstreamName } from '../fault-input.ts'
import type { FaultDoc } from '../fault-doc.ts'
import type { Builders } from '../request-fault.ts'
import type { Sighting } from './canary-signs.ts'
import type { AttributeFields, GivenOf } from './toxic-attribute.ts'
import type { ToxicStream, ToxicType } from './toxic.ts'

/** `Given` are the attributes that an author writes. */
export interface NetworkFaultType<Type extends string, Given, Own extends Builders<NetworkFaultInput>> {
  /** The toxic's name on the wire; `down`: the proxy switched off. */
  readonly type: Type
  readonly docs: readonly FaultDoc[]
  /** Accepts the range in which a server behaves. Outside it a real server crashes, or its numbers wrap around. */
  readonly attributes: z.ZodType<Given>
  readonly build: Own
  /** What shows that the fault acts, as a sentence; undefined while nothing does. */
  sign(attributes: Given, sighting: Sighting): string | undefined
  /** How much later than without the fault a request can arrive at the upstream, when the toxic is on that direction. */
  delayBound(attributes: Given): Ms
  /** Whether requests may fail to reach the upstream while the toxic is on this direction. An open breaker looks the same from there. */
  keepsRequests(stream: ToxicStream): boolean
}

/** A network fault that a toxic makes: all but `down`. */
export interface ToxicFaultType<
  Type extends string,
  Fields extends AttributeFields,
  Own extends Builders<NetworkFaultInput>,
> extends NetworkFaultType<Type, GivenOf<Fields>, Own> {
  readonly toxic: ToxicType<Fields>
}

/** A definition whose attributes are no longer known. It takes attributes that its own schema gave. */
export interface AnyNetworkFault {
  readonly attributes: z.ZodType
  sign(attributes: unknown, sighting: Sighting): string | undefined
  delayBound(attributes: unknown): Ms
  keepsRequests(stream: ToxicStream): boolean
}

/** Checks a definition; the types of its attributes and builders are kept. */
export function toxicFaultType<const Type extends string, Fields extends AttributeFields, const Own extends Builders<NetworkFaultInput>>(
  definition: ToxicFaultType<Type, Fields, Own>,
): ToxicFaultType<Type, Fields, Own> {
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
