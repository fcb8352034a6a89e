// The contract of a process fault: what happens to a whole process of the stage.
// A new fault is a file of this shape in process/ and a line in processes.ts.
import * as z from 'zod'
import type { Ms } from '../kernel/clock.ts'
import type { FaultDoc } from './fault-doc.ts'
import type { ProcessFaultInput } from './fault-input.ts'
import type { Builders } from './request-fault.ts'

/**
 * What a fault of this family may hit. `redis`: the store of a gateway that keeps its work there. `upstream`: the listener of one fake and
 * its connections; all fakes share a process.
 */
export const processRoles = ['gateway', 'redis', 'upstream'] as const
export type ProcessRole = (typeof processRoles)[number]

/** A process of the stage, as a fault handles it. An end that is asked for here is an expected one. */
export interface ProcessHandle {
  /** SIGKILL to its whole process group. Resolves when it has ended. */
  kill(): Promise<void>
  /** SIGSTOP to its whole process group: it keeps its port and its connections, and does nothing. */
  pause(): void
  /** SIGCONT to its whole process group. */
  resume(): void
  /** Ends it by SIGTERM if it still runs, and by SIGKILL when that takes too long; then starts it on the same port. Resolves when it is ready. */
  restart(): Promise<void>
  /** Resolves when the latest start is ready, and rejects when that start failed. */
  ready(): Promise<void>
  /** What a fresh request to it meets. Never rejects. */
  meet(signal: AbortSignal): Promise<Meeting>
}

/** `broken`: the connection ended before an answer. `silent`: no answer in 400 ms. */
export type Meeting = 'answered' | 'refused' | 'silent' | 'broken'

export interface ProcessFaultType<Fault extends { is: string }, Own extends Builders<ProcessFaultInput>> {
  readonly is: Fault['is']
  readonly docs: readonly FaultDoc[]
  /** What it can be done to. */
  readonly on: readonly ProcessRole[]
  readonly schema: z.ZodType<Fault>
  readonly build: Own
  /** "is killed, and started again at the end" */
  words(fault: Fault): string
  /** Resolves when the fault is on. */
  begin(process: ProcessHandle): Promise<void>
  /** Resolves when the process serves again. */
  end(process: ProcessHandle): Promise<void>
  /** What shows that the fault acts, as a sentence; undefined while nothing does. */
  sign(seen: Meeting): string | undefined
  /** How much later than without the fault a request can arrive at an upstream, when the fault is on for `lastsMs`. */
  delayBound(lastsMs: Ms): Ms
}

/** Checks a definition; the types of its fault and builders are kept. */
export function processFaultType<const Fault extends { is: string }, const Own extends Builders<ProcessFaultInput>>(
  definition: ProcessFaultType<Fault, Own>,
): ProcessFaultType<Fault, Own> {
  return definition
}
