// The flags, one file each, in the order of the help; and what follows from their rows.
import { type Command, Option } from 'commander'
import type { Plan } from '../../plan/plan.ts'
import type { PlanOptions } from '../../scenario/plan-scenario.ts'
import type { LiveStageOptions } from '../../stage/live/live-stage.ts'
import type { Flag, FlagCommand } from './flag.ts'
import { bail } from './bail.ts'
import { expect } from './expect.ts'
import { gateway } from './gateway.ts'
import { inconclusive } from './inconclusive.ts'
import { json } from './json.ts'
import { listen } from './listen.ts'
import { observe } from './observe.ts'
import { out } from './out.ts'
import { policy } from './policy.ts'
import { rate } from './rate.ts'
import { readyPath } from './ready-path.ts'
import { readyWithin } from './ready-within.ts'
import { repeat } from './repeat.ts'
import { seed } from './seed.ts'
import { toxiproxy } from './toxiproxy.ts'

/** By the names that commander gives their values. */
export const flags = {
  seed,
  policy,
  rate,
  repeat,
  gateway,
  expect,
  readyPath,
  readyWithin,
  listen,
  toxiproxy,
  observe,
  out,
  bail,
  inconclusive,
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

/** The value as it is typed, once for each time that the flag is given. */
export const written = (row: Flag<unknown>, value: unknown): string[] => row.write?.(value) ?? [String(value)]

/** Lets a command take the flags that name it. */
export function addFlags(command: Command, name: FlagCommand): Command {
  for (const { row } of rowsOf({}))
    if (row.commands.includes(name)) {
      const option = new Option(row.flag, row.text)
      if (row.parse) {
        option.argParser((text, sofar: unknown) => row.parse?.(text, sofar ?? row.default))
        const [shown] = written(row, row.default)
        if (shown !== undefined) option.default(row.default, shown)
      }
      command.addOption(option)
    }
  return command
}

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

/** @throws GatecrashError `usage` for a value that does not fit the plans */
export function checkFlags(values: SomeValues, plans: readonly Plan[]): void {
  for (const { row, value } of rowsOf(values)) row.check?.(value, plans)
}
