// `gatecrash list`: the scenarios of the working directory, each with its story and its last verdict.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import type { ExitCode } from '../exit-codes.ts'
import { findScenario, scenarioNames } from '../find-scenario.ts'

export function listCommand(exit: (code: ExitCode) => void): Command {
  return new Command('list')
    .description('List the scenarios in scenarios/, with the last verdict of each.')
    .option('--out <folder>', 'where run bundles are', 'reports')
    .action(async ({ out }: { out: string }) => {
      const names = scenarioNames()
      if (names.length === 0) throw new GatecrashError('usage', `there is no folder scenarios/ with scenarios in ${process.cwd()}`)
      const width = Math.max(...names.map((name) => name.length))
      for (const name of names) {
        const { scenario } = await findScenario(name)
        process.stdout.write(`${name.padEnd(width)}  ${(await lastResult(out, name)).padEnd(12)}  ${scenario.input.story}\n`)
      }
      exit(0)
    })
}

async function lastResult(out: string, name: string): Promise<string> {
  try {
    const verdict = JSON.parse(await readFile(join(out, name, 'latest', 'verdict.json'), 'utf8')) as { result?: unknown }
    return String(verdict.result)
  } catch {
    return 'never run'
  }
}
