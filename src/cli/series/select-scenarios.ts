// Which scenarios a command line means: by names, files and globs, or all; then those that --grep, --tag, --system and --last-failed leave.
import { matchesGlob } from 'node:path'
import { GatecrashError } from '../../kernel/errors.ts'
import { suggest } from '../../kernel/validation.ts'
import { type FoundScenario, findScenario, scenarioNames } from '../../project/find-scenario.ts'
import { scenarioFiles } from '../../project/scenario-files.ts'
import { runUserCode } from '../../project/user-code/user-code.ts'
import { lastRuns } from '../../run/bundle/last-runs.ts'
import type { FlagValues } from '../flags/flags.ts'
import type { Mistakes } from '../mistakes.ts'
import { say } from '../say.ts'

type Choice = Pick<FlagValues, 'all' | 'grep' | 'tag' | 'system' | 'lastFailed' | 'out'>

/** What `--all` leaves out. */
const LONG = 'long'

/** In the order of the words, or by name; each once. What is wrong goes to `mistakes`. */
export async function selectScenarios(words: readonly string[], choice: Choice, mistakes: Mistakes): Promise<FoundScenario[]> {
  const found: Described[] = []
  let isWhole = true
  for (const id of await idsOf(words, choice, mistakes)) {
    const scenario = id && (await mistakes.during(async () => described(await findScenario(id))))
    if (!scenario) isWhole = false
    else if (!found.some(({ file }) => file === scenario.file)) found.push(scenario)
  }
  const unknown = unknownSystems(choice.system, found)
  mistakes.add(unknown)
  const chosen = found.filter((scenario) => isChosen(scenario, choice))
  const long = choice.all && choice.tag.length === 0 ? chosen.filter(({ tags }) => tags.includes(LONG)) : []
  if (long.length > 0) say(`left out, since they are tagged ${LONG}: ${long.map(({ scenario }) => scenario.name).join(', ')}`)
  const left = chosen.filter((scenario) => !long.includes(scenario))
  // With a scenario that could not be read, nobody knows whether anything is left.
  if (left.length === 0 && isWhole && unknown.length === 0) mistakes.add([nothingLeft(choice)])
  return left
}

/** Names and paths; undefined for each word that means none. */
async function idsOf(
  words: readonly string[],
  { all, grep, tag, system, lastFailed, out }: Choice,
  mistakes: Mistakes,
): Promise<(string | undefined)[]> {
  const refused = (message: string): [undefined] => {
    mistakes.add([new GatecrashError('usage', message)])
    return [undefined]
  }
  const known = scenarioNames()
  if (words.length > 0 && all) return refused('--all runs every scenario; leave out the names')
  const named = words.flatMap((word) => {
    const names = isGlob(word) ? known.filter((name) => matchesGlob(name, word)) : [word]
    return names.length > 0 ? names : refused(`no scenario has a name like "${word}"${suggest(word, known)}`)
  })
  if (lastFailed) {
    const last = await mistakes.during(() => lastRuns(out))
    if (last === undefined) return [undefined]
    const failed = last
      .filter(({ result }) => result !== 'pass')
      .map(({ scenario, source }) => (known.includes(scenario) ? scenario : source))
    return words.length === 0 ? failed : named.filter((id) => id === undefined || failed.includes(id))
  }
  if (words.length > 0) return named
  if (all) return namesOfProject()
  if (grep !== undefined || tag.length > 0 || system.length > 0) return known
  return refused(`name a scenario, or choose with --all, --grep, --tag, --system or --last-failed${suggest('', known)}`)
}

const isGlob = (word: string): boolean => /[*?[\]{}]/.test(word)

/** A project that has no scenarios of its own has those of the package. */
function namesOfProject(): string[] {
  const files = scenarioFiles()
  const own = files.filter(({ of }) => of === 'project')
  return [...new Set((own.length > 0 ? own : files).map(({ name }) => name))]
}

interface Described extends FoundScenario {
  story: string
  tags: readonly string[]
}

/**
 * Its tags are checked when it is planned; here they may still be anything.
 * @throws GatecrashError `invalid_scenario` when its story is no text
 */
export function described(found: FoundScenario): Promise<Described> {
  return runUserCode(found.file, found.source, () => {
    const { story, tags = [] }: { story: unknown; tags?: unknown } = found.scenario.input
    if (typeof story !== 'string') throw new Error('its story must be a text')
    return {
      ...found,
      story,
      tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
    }
  })
}

/** Whether --grep, --tag and --system leave it. */
export const isChosen = ({ scenario, story, tags }: Described, { grep, tag, system }: Pick<Choice, 'grep' | 'tag' | 'system'>): boolean =>
  (grep === undefined || grep.test(scenario.name) || grep.test(story)) &&
  (tag.length === 0 || tag.some((each) => tags.includes(each))) &&
  (system.length === 0 || system.some((name) => isOf(name, tags)))

/** A system is named by a tag. Its first words are enough: `podcast` is `podcast-production`. */
const isOf = (system: string, tags: readonly string[]): boolean => tags.some((tag) => tag === system || tag.startsWith(`${system}-`))

/** Those that no scenario is of. */
export function unknownSystems(systems: readonly string[], scenarios: readonly Pick<Described, 'tags'>[]): GatecrashError[] {
  const known = [...new Set(scenarios.flatMap(({ tags }) => tags))].toSorted()
  const short = known.map((tag) => tag.split('-')[0]!)
  return systems
    .filter((system) => !isOf(system, known))
    .map(
      (system) =>
        new GatecrashError('usage', `no scenario is of a system "${system}"${suggest(system, [...new Set([...known, ...short])])}`),
    )
}

function nothingLeft({ grep, tag, system, lastFailed, out }: Choice): GatecrashError {
  const asked = [
    ...(lastFailed ? [`--last-failed (no last run in ${out}/ that did not pass)`] : []),
    ...(grep === undefined ? [] : [`--grep ${grep.source}`]),
    ...tag.map((each) => `--tag ${each}`),
    ...system.map((each) => `--system ${each}`),
  ]
  return new GatecrashError('usage', `no scenario is left to run${asked.length === 0 ? '' : ` by ${asked.join(', ')}`}`)
}
