// The contract of what is made of all runs of a command line, beside each run's own bundle. Adding one takes its file and its line in
// outputs.ts.
import type { Series } from '../../run/series.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { FlagValues } from '../flags/flags.ts'

export interface Output {
  /** Called when a scenario's runs are over, in order, also of those that were not begun. */
  add?(series: Series): void
  /** Called once, when all are over; `code` is what the verdicts say to the shell. */
  end(code: ExitCode): void | Promise<void>
}

/** Undefined where the flags, or the surroundings, ask for none. Called before anything starts: what cannot work is refused here. */
export type OpenOutput = (values: FlagValues) => Output | undefined | Promise<Output | undefined>
