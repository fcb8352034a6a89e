// `gatecrash list`: the scenarios of the working directory, each with its story and its last verdict.
import { join } from 'node:path'
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { recordedResult } from '../../run/bundle.ts'
import { type ExitCode, exitCodeOfError, worst } from '../exit-codes.ts'
import { findScenario, scenarioNames } from '../find-scenario.ts'
import { type SomeValues, addFlags, allValues } from '../flags/flags.ts'

export function listCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('list').description('List the scenarios in scenarios/, with the last verdict of each.')
  return addFlags(command, 'list').action(async (values: SomeValues) => exit(await list(allValues(values).out)))
}

/** A bundle that cannot be read is reported, and its scenario is listed without a verdict. */
async function list(out: string): Promise<ExitCode> {
  const names = scenarioNames()
  if (names.length === 0) throw new GatecrashError('usage', `there is no folder scenarios/ with scenarios in ${process.cwd()}`)
  const width = Math.max(...names.map((name) => name.length))
  const codes: ExitCode[] = [0]
  for (const name of names) {
    const { scenario } = await findScenario(name)
    const result = await recordedResult(join(out, name, 'latest')).catch((error: unknown) => {
      if (!(error instanceof GatecrashError)) throw error
      process.stderr.write(`${error.message}\n`)
      codes.push(exitCodeOfError[error.code])
      return 'unreadable'
    })
    process.stdout.write(`${name.padEnd(width)}  ${(result ?? 'never run').padEnd(12)}  ${scenario.input.story}\n`)
  }
  return worst(codes)
}
