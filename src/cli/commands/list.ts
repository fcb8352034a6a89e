// `gatecrash list`: the scenarios of the working directory, each with its story and its last verdict.
import { join } from 'node:path'
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { recordedResult } from '../../run/bundle.ts'
import { type ExitCode, exitCodeOfError, worst } from '../exit-codes.ts'
import { type FoundScenario, findScenario, scenarioNames } from '../../project/find-scenario.ts'
import { type SomeValues, addFlags, allValues } from '../flags/flags.ts'
import { cannotWrite } from '../../run/cannot-write.ts'
import { oneLine } from '../../report/plain-text.ts'
import { print, say } from '../say.ts'
import { runUserCode } from '../../project/user-code/user-code.ts'

export function listCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('list').description('List the scenarios in scenarios/, with the last verdict of each.')
  return addFlags(command, 'list').action(async (values: SomeValues) => exit(await list(allValues(values).out)))
}

/** A scenario or a bundle that cannot be read is reported, and the others are listed. */
async function list(out: string): Promise<ExitCode> {
  const names = scenarioNames()
  if (names.length === 0) throw new GatecrashError('usage', `there is no folder scenarios/ with scenarios in ${process.cwd()}`)
  const width = Math.max(...names.map((name) => name.length))
  const codes: ExitCode[] = [0]
  const tell = (error: unknown): string => {
    const known = cannotWrite(error)
    if (!(known instanceof GatecrashError)) throw error
    say(known.message)
    codes.push(exitCodeOfError[known.code])
    return 'unreadable'
  }
  for (const name of names) {
    const story = await findScenario(name).then(storyOf).catch(tell)
    const result = await recordedResult(join(out, name, 'latest')).catch(tell)
    print(`${oneLine(name).padEnd(width)}  ${oneLine(result ?? 'never run').padEnd(12)}  ${oneLine(story)}`)
  }
  return worst(codes)
}

/** Not planned here, so the story may still be anything. */
function storyOf({ scenario, file, source }: FoundScenario): Promise<string> {
  return runUserCode(file, source, () => {
    const { story }: { story: unknown } = scenario.input
    if (typeof story === 'string') return story
    throw new Error('its story must be a text')
  })
}
