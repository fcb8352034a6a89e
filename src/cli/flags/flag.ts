// The contract of the flags of `run`, `show`, `list` and `judge`. Adding one takes its file and its line in flags.ts: help, README, the plan, the
// stage and the command that repeats a run follow from the row.
import type { Plan } from '../../plan/plan.ts'
import type { PlanOptions } from '../../scenario/plan-scenario.ts'
import type { LiveStageOptions } from '../../stage/live/live-stage.ts'

export interface Flag<Value> {
  /** As people write it, with the name of its value: `--seed <n>`. */
  flag: string
  /** One line of help. */
  text: string
  /** The commands that take it. */
  commands: readonly FlagCommand[]
  /** Reads the value; absent for a flag without one. `sofar` is the value so far of a flag that is given again. */
  parse?(text: string, sofar: Value): Value
  default: Value
  /** When the command that repeats a run holds the flag: always, when its value is not the default, or never. */
  repeat: 'always' | 'changed' | 'never'
  /** The value as it is typed, one text for each time that the flag is given. Absent: the value as text. */
  write?(value: Value): string[]
  /** What it says about the plan. */
  plan?(value: Value): Partial<PlanOptions>
  /** What it says about the stage. */
  stage?(value: Value): Partial<LiveStageOptions>
  /** @throws GatecrashError `usage` for a value that does not fit the plans */
  check?(value: Value, plans: readonly Plan[]): void
}

export type FlagCommand = 'run' | 'show' | 'list' | 'judge'

/** Checks a row, and keeps the type of its value. */
export const defineFlag = <Value>(flag: Flag<Value>): Flag<Value> => flag
