// Faults as an author writes them. Upstream faults are made by the fake, per request; network faults by Toxiproxy, per connection.
import type { Duration } from '../kernel/duration.ts'
import type { ExtendedToxicSpec, ToxicStream } from '../toxiproxy/toxics/toxic-spec.ts'

type Named = string | { name: string }

/** Which requests an upstream fault hits; see `Hits` in src/upstreams/faults.ts. */
export interface HitsInput {
  share?: number
  first?: number
  every?: number
  attempts?: number
  routes?: string[]
  methods?: string[]
}

/** Towards the upstream, away from it, or both: two toxics then, each with the attributes given. */
export type Direction = ToxicStream | 'both'

/** A fault in written form: spans as text, nothing checked yet. */
export type FaultInput =
  | { made: 'upstream'; upstream: string; fault: { is: string } & Record<string, unknown>; hits: HitsInput }
  | {
      made: 'network'
      upstream: string
      is: 'toxic'
      toxic: { type: string; attributes: Record<string, unknown> }
      stream: Direction
      toxicity: number
    }
  | { made: 'network'; upstream: string; is: 'down' }

/** Spans may be written as text: `latency('gemini', '2s')`, or drawn: `{ median: '800ms', sigma: 0.5 }`, `{ min: '1s', max: '3s' }`. */
export type LatencyInput = Duration | { median: Duration; sigma: number } | { min: Duration; max: Duration }

/** Answers with `code`; `retryAfter` (seconds or an HTTP date) becomes the header. */
export function status(upstream: Named, code: number, options: HitsInput & { retryAfter?: string } = {}): FaultInput {
  const { retryAfter, ...hits } = options
  return made(upstream, { is: 'status', status: code, ...(retryAfter !== undefined && { retryAfter }) }, hits)
}

/** Adds latency to every answer, or to the share that `hits` names. */
export function latency(upstream: Named, span: LatencyInput, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'latency', latency: span }, hits)
}

/** Accepts requests and never answers. */
export function hang(upstream: Named, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'hang' }, hits)
}

/** Destroys the connection before any byte of the answer. */
export function disconnect(upstream: Named, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'disconnect', when: 'before_headers' }, hits)
}

/** Destroys the connection after `fraction` of the body. */
export function disconnectMidBody(upstream: Named, fraction = 0.5, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'disconnect', when: 'mid_body', fraction }, hits)
}

/** Ends the body in an orderly way after `fraction` of what Content-Length promised. */
export function truncated(upstream: Named, fraction = 0.5, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'truncated', fraction }, hits)
}

/** Answers in full with a body that does not parse. */
export function malformed(upstream: Named, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'malformed' }, hits)
}

/** Sends the body in `pieces` pieces with `interval` between them. */
export function drip(upstream: Named, pieces: number, interval: Duration, hits: HitsInput = {}): FaultInput {
  return made(upstream, { is: 'drip', pieces, interval }, hits)
}

/** The network swallows what flows in one direction: connections stay up and nothing arrives. */
export function blackhole(upstream: Named, stream: Direction = 'downstream'): FaultInput {
  return toxic(upstream, 'timeout', { timeout: 0 }, { stream })
}

/** The connection is half open: what is sent still leaves, yet nothing arrives at the upstream, and nobody is told. */
export function halfOpen(upstream: Named): FaultInput {
  return blackhole(upstream, 'upstream')
}

/** The link stalls in one direction: nothing passes and nothing is lost, so that all of it comes at once in the end. */
export function stall(upstream: Named, stream: Direction = 'downstream'): FaultInput {
  return slowLink(upstream, 0, stream)
}

/** Every connection is reset, `after` ms after its first byte. Only connections opened while it lasts get a true RST. */
export function resets(upstream: Named, afterMs = 0): FaultInput {
  return toxic(upstream, 'reset_peer', { timeout: afterMs }, { stream: 'upstream' })
}

/** Each way through the network takes `latencyMs` (± `jitterMs`) longer, in one direction. */
export function slowNetwork(upstream: Named, latencyMs: number, jitterMs = 0, stream: Direction = 'downstream'): FaultInput {
  return toxic(upstream, 'latency', { latency: latencyMs, jitter: jitterMs }, { stream })
}

/** The link carries at most `kilobytesPerSecond` (1 KB = 1000 bytes) per connection. */
export function slowLink(upstream: Named, kilobytesPerSecond: number, stream: Direction = 'downstream'): FaultInput {
  return toxic(upstream, 'bandwidth', { rate: kilobytesPerSecond }, { stream })
}

/**
 * Each way through the network takes longer by `latencyMs` on average, spread by `deviationMs` (standard deviation) in the shape of
 * `distribution`. For the embedded Toxiproxy only.
 */
export function unsteadyNetwork(
  upstream: Named,
  { latencyMs, deviationMs, distribution = 'normal' }: { latencyMs: number; deviationMs: number; distribution?: Distribution },
  stream: Direction = 'downstream',
): FaultInput {
  return toxic(upstream, 'jitter', { latency: latencyMs, jitter: deviationMs, distribution }, { stream })
}

type Distribution = NonNullable<Extract<ExtendedToxicSpec, { type: 'jitter' }>['attributes']['distribution']>

/**
 * Pieces of the stream are lost with probability `share` (0–1), plus `correlation` right after a loss, and never sent again. What TCP
 * repeats by itself shows as delay: for that see `unsteadyNetwork`. For the embedded Toxiproxy only.
 */
export function packetLoss(upstream: Named, share: number, correlation = 0, stream: Direction = 'downstream'): FaultInput {
  return toxic(upstream, 'packet_loss', { loss_rate: share, correlation }, { stream })
}

/** All connections together carry at most `kilobytesPerSecond` (1 KB = 1000 bytes). For the embedded Toxiproxy only. */
export function sharedLink(upstream: Named, kilobytesPerSecond: number, stream: Direction = 'downstream'): FaultInput {
  return toxic(upstream, 'shared_bandwidth', { rate: kilobytesPerSecond }, { stream })
}

/** Every connection is closed when it is `ageMs` old, whatever it is doing. For the embedded Toxiproxy only. */
export function shortLived(upstream: Named, ageMs: number): FaultInput {
  return toxic(upstream, 'limit_time', { time: ageMs })
}

/** Connections are refused, and those that exist are closed. */
export function cut(upstream: Named): FaultInput {
  return { made: 'network', upstream: nameOf(upstream), is: 'down' }
}

/** Any toxic by Toxiproxy's own name and attributes. `toxicity` is a share of connections, not of requests. */
export function toxic(
  upstream: Named,
  type: string,
  attributes: Record<string, unknown>,
  { stream = 'downstream', toxicity = 1 }: { stream?: Direction; toxicity?: number } = {},
): FaultInput {
  return { made: 'network', upstream: nameOf(upstream), is: 'toxic', toxic: { type, attributes }, stream, toxicity }
}

function made(upstream: Named, fault: { is: string } & Record<string, unknown>, hits: HitsInput): FaultInput {
  return { made: 'upstream', upstream: nameOf(upstream), fault, hits }
}

function nameOf(upstream: Named): string {
  return typeof upstream === 'string' ? upstream : upstream.name
}
