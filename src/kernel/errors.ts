// Every error that a person can meet, in one table: a stable code and a sentence. Messages say what to do next.
import { inspect } from 'node:util'

export const errorTable = {
  bad_duration: 'A span of time could not be read.',
  usage: 'The command line names an unknown command, flag or scenario.',
  invalid_scenario: 'A scenario does not hold together; nothing was started.',
  invalid_config: 'A configuration file or value is not accepted.',
  invalid_bundle: 'A folder is not a run bundle, or its journal cannot be read.',
  cannot_write: 'A folder or file cannot be written.',
  system_refused: 'The operating system refused something that a run needs: files, processes, memory.',
  port_taken: 'A port that was asked for is in use.',
  cannot_listen: 'An address that was asked for cannot be listened on.',
  child_failed: 'A process of the stage could not be started, or ended by itself.',
  gateway_not_ready: 'The gateway did not become ready in time.',
  toxiproxy_unreachable: 'The Toxiproxy server does not answer.',
  toxiproxy_refused: 'The Toxiproxy server refused a request.',
  unsupported_backend: 'This Toxiproxy server cannot do what the scenario asks.',
  component_missing: 'A component that is needed is not installed.',
  interrupted: 'The run was stopped before its end.',
  internal: 'A defect in Gatecrash itself.',
} as const

export type ErrorCode = keyof typeof errorTable

/** An error with a stable `code`, plain `data` and, where there is one, a `cause`. Its message is for people. */
export class GatecrashError extends Error {
  override readonly name = 'GatecrashError'
  readonly code: ErrorCode
  readonly data: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: { data?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.data = options.data ?? {}
  }
}

/** What was thrown, in a line. Code that is not ours may throw anything. */
export function thrownText(cause: unknown): string {
  try {
    return cause instanceof Error
      ? `${cause.name}: ${cause.message}`
      : `it threw ${inspect(cause, { depth: 1, breakLength: Number.POSITIVE_INFINITY })}`
  } catch {
    return 'it threw something that cannot be shown'
  }
}

/** One thing wrong with an input: where, what was received, and what is accepted. */
export interface Problem {
  /** Path inside the input, such as `phases[1].duration`. */
  path: string
  /** What is wrong and the remedy, one line. */
  message: string
}

/** One error for all problems of one input, laid out as a table: `scenarios/x.ts: 2 problems` and a line each. */
export function problemsError(code: ErrorCode, place: string, problems: readonly Problem[]): GatecrashError {
  const width = Math.max(...problems.map((problem) => problem.path.length))
  const lines = problems.map((problem) => `  ${problem.path.padEnd(width)}  ${problem.message}`)
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new GatecrashError(code, [`${place}: ${count}`, ...lines].join('\n'), { data: { problems } })
}
