// The contract of the flags of `run`, `show`, `list` and their like. Adding one takes its file and its line in flags.ts: help, README, the
// variable of the environment, the plan, the stage and the command that repeats a run follow from the row.
import type { GatecrashError } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PlanOptions } from '../../scenario/plan-scenario.ts'
import type { GatewayChoice } from '../../plan/gateway-choice.ts'
import type { Calibration } from '../../simulation/calibration/calibration.ts'
import type { LiveStageOptions } from '../../stage/live/live-stage.ts'

export interface Flag<Value> {
  /** As people write it, with the name of its value: `--seed <n>`. */
  flag: string
  /** One line of help. */
  text: string
  /** The commands that take it. */
  commands: readonly FlagCommand[]
  /** Reads the value; absent for a flag without one. `sofar` is the value so far of a flag that may be given again. */
  parse?(text: string, sofar: Value): Value
  /** It may be given again; its variable then holds a value a line. */
  repeatable?: true
  default: Value
  /** When the command that repeats a run holds the flag: always, when its value is not the default, or never. */
  repeat: 'always' | 'changed' | 'never'
  /** The value as it is typed, one text for each time that the flag is given. Absent: the value as text. */
  write?(value: Value): string[]
  /** What it says about the plan. */
  plan?(value: Value): Partial<PlanOptions>
  /** What it says about the stage. */
  stage?(value: Value): Partial<LiveStageOptions>
  /** What of a value does not fit the plans, or the gateway under test. */
  check?(value: Value, given: Given): Iterable<GatecrashError>
}

/** What a value is checked against: one scenario, as it would be played, and all of them. */
export interface Given {
  plans: readonly Plan[]
  gateway: GatewayChoice
  /** The machine that is simulated. Absent: it is played live. */
  simulated?: Calibration
  all: readonly Plan[]
  /** Whether every scenario could be planned: else names that no plan has may still be known. */
  isWhole: boolean
}

export type FlagCommand = 'run' | 'show' | 'list' | 'judge' | 'compare' | 'doctor' | 'tune' | 'calibrate'

/** Checks a row, and keeps the type of its value. */
export const defineFlag = <Value>(flag: Flag<Value>): Flag<Value> => flag
