// What the process says to a shell or a CI system. 1 is kept for verdicts: a crash must never look like a caught regression.
import type { ErrorCode } from '../kernel/errors.ts'
import type { Result } from '../criteria/finding/raw-finding.ts'
import type { Series } from '../run/series.ts'

export const exitCodes = {
  0: 'every criterion passed',
  1: 'at least one criterion failed',
  2: 'inconclusive: too little data, or a run that cannot be believed',
  64: 'the command line is wrong: unknown command, flag or scenario',
  65: 'a scenario, configuration or bundle is not valid; nothing was started',
  69: 'the surroundings are not as needed: a port taken, a component missing, a gateway that never got ready',
  70: 'a defect in Gatecrash itself',
  130: 'interrupted (SIGINT); everything undone, what was recorded is kept',
  143: 'told to end (SIGTERM, SIGHUP, or the parent is gone); likewise',
} as const

export type ExitCode = keyof typeof exitCodes

export const exitCodeOfResult: Record<Result, ExitCode> = { pass: 0, fail: 1, inconclusive: 2 }

export const exitCodeOfError: Record<ErrorCode, ExitCode> = {
  usage: 64,
  bad_duration: 65,
  invalid_scenario: 65,
  invalid_config: 65,
  invalid_bundle: 65,
  cannot_write: 69,
  system_refused: 69,
  port_taken: 69,
  cannot_listen: 69,
  child_failed: 69,
  gateway_not_ready: 69,
  toxiproxy_unreachable: 69,
  toxiproxy_refused: 69,
  unsupported_backend: 69,
  component_missing: 69,
  interrupted: 130,
  internal: 70,
}

const worstFirst: readonly ExitCode[] = [143, 130, 70, 69, 65, 64, 1, 2, 0]

/** Of several runs, the code that matters most. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return worstFirst.find((code) => codes.includes(code)) ?? 0
}

/**
 * Of a scenario's runs, and of what they say together: one that fails is a failure, and what none decides alone, all may decide.
 * A run that could not be judged speaks first.
 */
export function exitCodeOfSeries({ runs, together }: Series): ExitCode {
  const codes = runs.flatMap((run): ExitCode[] => {
    if (run.is === 'judged') return [exitCodeOfResult[run.verdict.result]]
    return run.is === 'not_played' ? [exitCodeOfError[run.error.code]] : []
  })
  if (together === undefined) return worst(codes)
  const code = worst([...codes, exitCodeOfResult[together.verdict.result]])
  return code === 2 && together.verdict.result === 'pass' ? 0 : code
}

/** `--inconclusive`: what takes the place of 2. */
export function decided(code: ExitCode, inconclusive: 'pass' | 'fail' | undefined): ExitCode {
  return code === exitCodeOfResult.inconclusive && inconclusive !== undefined ? exitCodeOfResult[inconclusive] : code
}
