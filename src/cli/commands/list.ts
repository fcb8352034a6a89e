// `gatecrash list`: the scenarios of the working directory and of the package, each with its last verdict, its place and its story.
import { join } from 'node:path'
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { recordedResult } from '../../run/bundle.ts'
import { type ExitCode, exitCodeOfError, worst } from '../exit-codes.ts'
import { type FoundScenario, findScenario } from '../../project/find-scenario.ts'
import { type ScenarioFile, scenarioFiles } from '../../project/scenario-files.ts'
import { type SomeValues, addFlags, allValues } from '../flags/flags.ts'
import { cannotWrite } from '../../run/cannot-write.ts'
import { oneLine } from '../../report/plain-text.ts'
import { print, say } from '../say.ts'
import { runUserCode } from '../../project/user-code/user-code.ts'

export function listCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('list').description(
    'List the scenarios in scenarios/ and those of the package, with the last verdict of each.',
  )
  return addFlags(command, 'list').action(async (values: SomeValues) => exit(await list(allValues(values).out)))
}

/** A scenario or a bundle that cannot be read is reported, and the others are listed. */
async function list(out: string): Promise<ExitCode> {
  const places = new Map(scenarioFiles().map(({ name, of }) => [name, of]))
  const width = Math.max(...places.keys().map((name) => name.length))
  const codes: ExitCode[] = [0]
  const tell = (error: unknown): string => {
    const known = cannotWrite(error)
    if (!(known instanceof GatecrashError)) throw error
    say(known.message)
    codes.push(exitCodeOfError[known.code])
    return 'unreadable'
  }
  for (const [name, of] of places) {
    const story = await findScenario(name).then(storyOf).catch(tell)
    const result = await recordedResult(join(out, name, 'latest')).catch(tell)
    print(`${oneLine(name).padEnd(width)}  ${oneLine(result ?? 'never run').padEnd(12)}  ${shownPlace[of]}  ${oneLine(story)}`)
  }
  return worst(codes)
}

const shownPlace: Record<ScenarioFile['of'], string> = { project: 'scenarios/', package: 'package   ' }

/** Not planned here, so the story may still be anything. */
function storyOf({ scenario, file, source }: FoundScenario): Promise<string> {
  return runUserCode(file, source, () => {
    const { story }: { story: unknown } = scenario.input
    if (typeof story === 'string') return story
    throw new Error('its story must be a text')
  })
}
