// `gatecrash list`: the scenarios of the working directory and of the package, each with its last verdict, its place and its story.
import { join } from 'node:path'
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { recordedResult } from '../../run/bundle/bundle.ts'
import { type ExitCode, exitCodeOfError, worst } from '../exit-codes.ts'
import { findScenario } from '../../project/find-scenario.ts'
import { type ScenarioFile, scenarioFiles } from '../../project/scenario-files.ts'
import { addFlags } from '../flags/add-flags.ts'
import { type FlagValues, type SomeValues } from '../flags/flags.ts'
import { onProject } from '../project/on-project.ts'
import { cannotWrite } from '../../run/bundle/cannot-write.ts'
import { oneLine } from '../../report/plain-text.ts'
import { print, printJson, say } from '../say.ts'
import { described, isChosen, unknownSystems } from '../series/select-scenarios.ts'

export function listCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('list').description(
    'List the scenarios in scenarios/ and those of the package, with the last verdict of each.',
  )
  return addFlags(command, 'list').action(async (values: SomeValues) => exit(await list((await onProject(command, values)).values)))
}

/** A line of the list, and a member of its JSON. */
interface Listed {
  name: string
  of: ScenarioFile['of']
  /** Absent: its file cannot be read. */
  source?: string
  story?: string
  tags?: readonly string[]
  /** pass, fail, inconclusive, or unreadable; null: never run. */
  lastResult: string | null
  /** What cannot be read, and why. */
  problems: readonly string[]
}

/** A scenario or a bundle that cannot be read is reported, and the others are listed. */
async function list(values: FlagValues): Promise<ExitCode> {
  const places = new Map(scenarioFiles().map(({ name, of }) => [name, of]))
  const codes: ExitCode[] = [0]
  const listed: Listed[] = []
  const read: Awaited<ReturnType<typeof described>>[] = []
  for (const [name, of] of places) {
    const problems: string[] = []
    const tell = (error: unknown): 'unreadable' => {
      const known = cannotWrite(error)
      if (!(known instanceof GatecrashError)) throw error
      say(known.message)
      codes.push(exitCodeOfError[known.code])
      problems.push(known.message)
      return 'unreadable'
    }
    const found = await findScenario(name).then(described).catch(tell)
    const isRead = found !== 'unreadable'
    if (isRead) read.push(found)
    if (isRead && !isChosen(found, values)) continue
    const lastResult = (await recordedResult(join(values.out, name, 'latest')).catch(tell)) ?? null
    listed.push({ name, of, ...(isRead && { source: found.source, story: found.story, tags: found.tags }), lastResult, problems })
  }
  for (const { code, message } of unknownSystems(values.system, read)) {
    say(message)
    codes.push(exitCodeOfError[code])
  }
  if (values.json) printJson(listed)
  else for (const line of lines(listed)) print(line)
  return worst(codes)
}

const shownPlace: Record<ScenarioFile['of'], string> = { project: 'scenarios/', package: 'package   ' }

function lines(listed: readonly Listed[]): string[] {
  const width = Math.max(...listed.map(({ name }) => name.length))
  return listed.map(({ name, of, story = 'unreadable', tags = [], lastResult }) => {
    const result = oneLine(lastResult ?? 'never run').padEnd(12)
    const tagged = tags.length === 0 ? '' : ` ${oneLine(`(${tags.join(', ')})`)}`
    return `${oneLine(name).padEnd(width)}  ${result}  ${shownPlace[of]}  ${oneLine(story)}${tagged}`
  })
}
