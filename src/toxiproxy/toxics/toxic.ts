// What one kind of toxic is. A new one is a file of this shape in this folder and a line in ../toxics.ts.
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Fields } from '../decode.ts'

/** A piece of the stream, at most 32 KiB as it was read. */
export interface Chunk {
  data: Buffer
  /** When it was read; a toxic that delays moves it on, so that two delays add up. */
  at: Ms
}

/** The surroundings of a running toxic: one direction of one connection. */
export interface Line {
  readonly clock: Clock
  /** Seeded by proxy, connection and toxic: draws do not depend on what other connections do. */
  readonly random: Random
  /** When the connection was accepted, and how many the proxy had accepted before. */
  readonly openedAt: Ms
  readonly connection: number
  /** Hands a chunk on. */
  pass(chunk: Chunk): void
  /** Asks for the next chunk, or the end; to be called once for each chunk taken. */
  next(): void
  /** Calls `fn` at `deadline`, never early, unless interrupted before. One at a time: a second call replaces the first. */
  at(deadline: Ms, fn: () => void): void
  /** Ends this direction behind what was passed; both sockets close, as Toxiproxy knows no half-open connections. */
  close(): void
}

/** A toxic at work on a line. */
export interface Flow {
  /** Takes one chunk; another comes only after `line.next()`. */
  chunk(chunk: Chunk): void
  /** The source has ended. Without it: `line.close()`. */
  end?(): void
  /** The chain changes: hands on at once what it holds. Its timer is cleared already, and nothing is called after this. */
  interrupt?(): void
  /** Takes chunks even when nobody behind it can. */
  readonly absorbs?: boolean
  /** It cannot be interrupted any more: it stays until it closes the line. */
  readonly committed?: boolean
}

export type Attributes = Record<string, number | string>

export interface ToxicType<A = Attributes, Memory = unknown> {
  readonly attributes: Fields<A>
  /** How many chunks may wait in front of it; default 1. */
  readonly queue?: number
  /** Removing it closes every connection that carries it. */
  readonly closesWhenRemoved?: boolean
  /** A connection that begins under it ends with a RST, whatever ends it. */
  readonly resets?: boolean
  /** What survives updates: one for each line, or one for the toxic, shared by its lines. */
  readonly memory?: { readonly per: 'line' | 'toxic'; start(): Memory }
  start(line: Line, attributes: A, memory: Memory): Flow
}

/** Checks a definition and forgets its particular attributes, so that toxics can stand in one table. */
export function defineToxic<A extends object, Memory = undefined>(type: ToxicType<A, Memory>): ToxicType {
  // Sound, as attributes and memory reach `start` only by way of `attributes` and `memory` of the same definition.
  return type as unknown as ToxicType
}
