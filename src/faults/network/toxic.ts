// What one kind of toxic is: what the proxy does to a connection. A new one is a file of this shape in toxics/; the network fault that it
// serves names it (network-fault.ts).
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { AttributeFields, ValuesOf } from './toxic-attribute.ts'

/** The direction of a connection that a toxic acts on: requests go upstream. */
export type ToxicStream = 'upstream' | 'downstream'

/** A piece of the stream, at most 32 KiB long. */
export interface Chunk {
  data: Buffer
  /** When the chunk was read. A toxic that delays a chunk adds its delay here, so that two delays add up. */
  at: Ms
}

/** The surroundings of a running toxic: one direction of one connection. */
export interface Line {
  readonly clock: Clock
  /** Seeded by proxy, connection and toxic: draws do not depend on other connections. */
  readonly random: Random
  /** When the connection was accepted. */
  readonly openedAt: Ms
  /** How many connections the proxy had accepted before this one. */
  readonly connection: number
  /** Hands a chunk on. */
  pass(chunk: Chunk): void
  /** Asks for the next chunk, or the end. A toxic calls it once for each chunk that it took. */
  next(): void
  /** Calls `fn` at `deadline`, never early, unless the toxic is interrupted before. A second call replaces the first. */
  at(deadline: Ms, fn: () => void): void
  /** Ends this direction behind what was passed. Both sockets close, since Toxiproxy has no half-open connections. */
  close(): void
}

/** A toxic at work on a line. */
export interface Flow {
  /** Takes one chunk. The next one comes only after `line.next()`. */
  chunk(chunk: Chunk): void
  /** The source has ended. A flow without this member closes the line. */
  end?(): void
  /** The chain changes: the flow hands on at once what it holds. Its timer is already cleared, and it is not called again. */
  interrupt?(): void
  /** The flow takes chunks even when nothing behind it can. */
  readonly absorbs?: boolean
  /** The flow cannot be interrupted any more: it stays until it closes the line. */
  readonly committed?: boolean
}

export interface ToxicType<Fields extends AttributeFields = AttributeFields, Memory = unknown> {
  readonly attributes: Fields
  /** How many chunks may wait in front of it. Default 1. */
  readonly queue?: number
  /** Removing it closes every connection that carries it. */
  readonly closesWhenRemoved?: boolean
  /** A connection that begins under it ends with a RST, whatever ends it. */
  readonly resets?: boolean
  /** What survives updates: one memory for each line, or one for the toxic, shared by its lines. */
  readonly memory?: { readonly per: 'line' | 'toxic'; start(): Memory }
  start(line: Line, attributes: ValuesOf<Fields>, memory: Memory): Flow
}

/** Checks a definition. The types of its attributes are kept: the specs of toxics are derived from them (networks.ts). */
export function defineToxic<Fields extends AttributeFields, Memory = undefined>(
  type: ToxicType<Fields, Memory>,
): ToxicType<Fields, Memory> {
  return type
}
