// A process of the stage is ready, or has ended.
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, flag, nullable, number, oneOf, optional, text } from './event.ts'

export const roles = ['conductor', 'upstreams', 'toxiproxy', 'gateway', 'redis', 'load', 'saturation'] as const
export type Role = (typeof roles)[number]

/** A process that became ready, or ended. */
export interface ProcessEdge {
  role: Role
  atMs: Ms
  edge: 'ready' | 'exited'
  /** Of an end: whether nobody had asked for it, and how. */
  unexpected: boolean
  code: number | null
  signal: string | null
  stderr: string
}

export const process = defineTallied({
  fields: {
    role: oneOf(roles),
    edge: oneOf(['ready', 'exited']),
    pid: optional(number),
    code: optional(nullable(number)),
    signal: optional(nullable(text)),
    /** True when nobody asked it to end. */
    unexpected: optional(flag),
    /** The last lines of its standard error, when it ended by itself. */
    stderr: optional(text),
  },
  /** In order of time. */
  evidence: 'processes',
  tally() {
    const edges: ProcessEdge[] = []
    return {
      add({ role, edge, unexpected = false, code = null, signal = null, stderr = '' }, atMs) {
        edges.push({ role, atMs, edge, unexpected, code, signal, stderr })
      },
      result: () => edges.toSorted((a, b) => a.atMs - b.atMs),
    }
  },
})

/** Of processes that nobody had asked to end. */
export function deathsOf(processes: readonly ProcessEdge[]): ProcessEdge[] {
  return processes.filter(({ edge, unexpected }) => edge === 'exited' && unexpected)
}
