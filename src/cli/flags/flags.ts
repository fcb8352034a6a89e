// The flags, one file each, in the order of the help; and what follows from their rows.
import type { GatecrashError } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import type { PlanOptions } from '../../scenario/plan-scenario.ts'
import type { LiveStageOptions } from '../../stage/live/live-stage.ts'
import { type Calibration, defaultCalibration } from '../../simulation/calibration/calibration.ts'
import type { Flag, FlagCommand, Given } from './flag.ts'
import { all } from './scenarios/all.ts'
import { bail } from './scenarios/bail.ts'
import { calibration } from './calibration.ts'
import { candidate } from './gateway/candidate.ts'
import { expect } from './gateway/expect.ts'
import { gateway } from './gateway/gateway.ts'
import { grep } from './scenarios/grep.ts'
import { inconclusive } from './results/inconclusive.ts'
import { junit } from './results/junit.ts'
import { json } from './results/json.ts'
import { lastFailed } from './scenarios/last-failed.ts'
import { listen } from './gateway/listen.ts'
import { observe } from './results/observe.ts'
import { origin } from './results/origin.ts'
import { out } from './results/out.ts'
import { policy } from './policy.ts'
import { rate } from './rate.ts'
import { readyPath } from './gateway/ready-path.ts'
import { readyWithin } from './gateway/ready-within.ts'
import { repeat } from './scenarios/repeat.ts'
import { seed } from './seed.ts'
import { set } from './gateway/set.ts'
import { simulate } from './simulate.ts'
import { summary } from './results/summary.ts'
import { system } from './scenarios/system.ts'
import { tag } from './scenarios/tag.ts'
import { toxiproxy } from './toxiproxy.ts'
import { confirm } from './tuning/confirm.ts'
import { tuneFor } from './tuning/for.ts'
import { resume } from './tuning/resume.ts'
import { space } from './tuning/space.ts'
import { trials } from './tuning/trials.ts'
import { within } from './tuning/within.ts'
import { workers } from './tuning/workers.ts'
import { upstream } from './upstream.ts'

/** By the names that commander gives their values. */
export const flags = {
  all,
  grep,
  tag,
  system,
  lastFailed,
  seed,
  policy,
  set,
  candidate,
  upstream,
  rate,
  repeat,
  bail,
  gateway,
  expect,
  readyPath,
  readyWithin,
  listen,
  toxiproxy,
  simulate,
  calibration,
  observe,
  inconclusive,
  out,
  junit,
  summary,
  origin,
  space,
  for: tuneFor,
  trials,
  within,
  workers,
  confirm,
  resume,
  json,
}

type Flags = typeof flags
/** What was typed, or the defaults. */
export type FlagValues = { readonly [Name in keyof Flags]: Flags[Name]['default'] }
/** Values of the flags that a command takes. */
export type SomeValues = Partial<FlagValues>

/** Every row with its value; a flag that was not given has its default. */
export function rowsOf(values: SomeValues): { name: string; row: Flag<unknown>; value: unknown }[] {
  return Object.entries(flags).map(([name, row]) => ({
    name,
    // A row is only ever given its own value, which the type of the table cannot say.
    row: row as Flag<unknown>,
    value: values[name as keyof Flags] ?? row.default,
  }))
}

/** What was given, and the defaults of what was not. */
export const allValues = (values: SomeValues): FlagValues =>
  // Object.fromEntries forgets the names, which are the table's.
  Object.fromEntries(rowsOf(values).map(({ name, value }) => [name, value])) as unknown as FlagValues

/** Of these values those of the flags that a command takes. */
export function takenBy(command: FlagCommand, values: SomeValues): SomeValues {
  const taken = rowsOf(values).filter(({ name, row }) => Object.hasOwn(values, name) && row.commands.includes(command))
  // Each value is its own row's, which the names cannot say.
  return Object.fromEntries(taken.map(({ name, value }) => [name, value])) as SomeValues
}

/** The value as it is typed, once for each time that the flag is given. */
export const written = (row: Flag<unknown>, value: unknown): string[] => row.write?.(value) ?? [String(value)]

/** How a scenario is to be planned. */
export function planOptions(values: SomeValues, source: string): PlanOptions {
  const options: PlanOptions = { seed: seed.default, settings: policy.default, source }
  return Object.assign(options, ...rowsOf(values).map(({ row, value }) => row.plan?.(value)))
}

/** Where a plan is to be played. */
export function stageOptions(values: SomeValues): LiveStageOptions {
  const options: LiveStageOptions = {
    gateway: gateway.default,
    readyPath: readyPath.default,
    readyWithinMs: readyWithin.default,
    toxiproxy: toxiproxy.default,
    listen: listen.default,
  }
  return Object.assign(options, ...rowsOf(values).map(({ row, value }) => row.stage?.(value)))
}

/** Of the machine that is simulated. */
export const calibrationOf = ({ calibration: given }: SomeValues): Calibration => given?.calibration ?? defaultCalibration

/** What does not fit the plans of a scenario, the gateway that they are played on, or all plans; by default, there are no others. */
export function flagProblems(
  values: SomeValues,
  plans: readonly Plan[],
  others: Partial<Pick<Given, 'all' | 'isWhole'>> = {},
): GatecrashError[] {
  const given: Given = {
    all: plans,
    isWhole: true,
    ...others,
    plans,
    gateway: values.gateway ?? gateway.default,
    ...(values.simulate && { simulated: calibrationOf(values) }),
  }
  return rowsOf(values).flatMap(({ row, value }) => Array.from(row.check?.(value, given) ?? []))
}
