// `gatecrash tune <scenario…> --set gemini.breaker.failures=3..20 …`: searches settings on the simulated stage, and confirms the best live.
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { loadCriteria } from '../../criteria/custom.ts'
import { wallClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import type { FoundScenario } from '../../project/find-scenario.ts'
import { renderTuning } from '../../report/tuning/terminal.ts'
import { createBundle, pointLatest, writeInBundle } from '../../run/bundle/bundle.ts'
import { stableJson } from '../../run/bundle/stable-json.ts'
import { spaceOf } from '../../tuning/space/space.ts'
import { type ReadyTuning, type TuneOptions, readyToTune, tune } from '../../tuning/tune.ts'
import { type Tuned, mergePatch } from '../../tuning/tuned.ts'
import { type ExitCode, exitCodeOfResult, worst } from '../exit-codes.ts'
import { addFlags } from '../flags/add-flags.ts'
import { type SomeValues, calibrationOf, planOptions } from '../flags/flags.ts'
import { workersOf } from '../flags/tuning/workers.ts'
import { watchForInterruption } from '../interruption.ts'
import { collectMistakes } from '../mistakes.ts'
import { type OnProject, onProject } from '../project/on-project.ts'
import { tuneAgainCommand } from '../repeat-command.ts'
import { printJson, say } from '../say.ts'
import { selectScenarios } from '../series/select-scenarios.ts'
import { showSummary } from '../show-summary.ts'
import { confirmLive } from '../tuning/confirm-live.ts'
import { createTuningView } from '../tuning/tuning-view.ts'

/** No scenario has a name with such a character: its bundles lie in another folder. */
const FOLDER = '_tune'

export function tuneCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('tune')
    .description('Search settings on the simulated stage for those that pass with the most room, and confirm the best ones live.')
    .argument('<scenario...>', "names in scenarios/, paths to scenario files, or globs such as 'gemini-*'")
  return addFlags(command, 'tune').action(async (words: string[], values: SomeValues) => {
    exit(await tuneAll(words, await onProject(command, values)))
  })
}

async function tuneAll(words: readonly string[], on: OnProject): Promise<ExitCode> {
  const { values } = on
  const mistakes = collectMistakes()
  const scenarios = await selectScenarios(words, values, mistakes)
  const wrong = mistakes.tell()
  if (wrong !== undefined) return wrong
  using interruption = watchForInterruption((what) => say(`\n${what}: telling what is known so far…`))
  const ready = await readyFor(scenarios, on, interruption.signal)
  const folder = await folderFor(on)
  using view = createTuningView(process.stderr)
  const tuned = await tune({ ...ready, folder, tell: (progress) => view.show(progress) })
  view.end()
  const live = await confirmLive(tuned, { ready, folder, on, signal: interruption.signal })
  tuned.confirmations = live.confirmations
  const command = tuneAgainCommand(words, { ...on.given, set: { ...values.space, ...values.set } })
  await leaveFiles(tuned, folder, command)
  if (values.json) printJson(tuned)
  return interruption.exitCode ?? worst([codeOf(tuned), ...live.notPlayed])
}

async function readyFor(
  scenarios: readonly FoundScenario[],
  { values, given, project }: OnProject,
  signal: AbortSignal,
): Promise<ReadyTuning> {
  if (given.trials !== undefined && given.within !== undefined)
    throw new GatecrashError('usage', `--trials ${given.trials} and --within both bound the search; give one of them`)
  if (values.resume) say('going on with the last tuning')
  const { space, fixed } = spaceOf({ ...values.space, ...values.set })
  const { seed, source: _source, overrides: _ranges, isForeign: _reference, ...planned } = planOptions(values, '')
  const options: TuneOptions = {
    scenarios,
    space,
    fixed,
    plan: { ...planned, system: project?.system },
    seed,
    named: values.for,
    budget: values.trials === undefined ? { withinMs: values.within } : { trials: values.trials },
    workers: workersOf(values.workers),
    calibration: calibrationOf(values),
    folder: '',
    resume: values.resume,
    signal,
    tell: () => {},
  }
  const ready = await readyToTune(options)
  for (const plan of ready.plans) await loadCriteria(plan)
  return ready
}

/** A new one, or the last one. It is `latest` from its beginning: a tuning that is killed can be resumed. */
async function folderFor({ values: { out, resume } }: OnProject): Promise<string> {
  const latest = join(out, FOLDER, 'latest')
  if (resume) return realpath(latest).catch(() => latest)
  const folder = await createBundle(out, FOLDER, wallClock())
  const note = await pointLatest(folder)
  if (note !== undefined) say(note)
  return folder
}

async function leaveFiles(tuned: Tuned, folder: string, command: string): Promise<void> {
  const { recommended } = tuned
  await writeInBundle(folder, 'tune.json', stableJson(tuned))
  const patchPath = recommended ? await writeInBundle(folder, 'gateway.patch.json', stableJson(mergePatch(recommended))) : undefined
  const { renderTuningPage } = await import('../../report/tuning/html/page.ts')
  const reportPath = await writeInBundle(folder, 'tune.html', renderTuningPage(tuned, command))
  showSummary((page) => renderTuning(tuned, { reportPath, patchPath, command, ...page }), {})
}

/** No setting that passes is a failure; so is one that fails live. */
function codeOf({ recommended, nearest, confirmations }: Tuned): ExitCode {
  if (recommended === null) return nearest === null ? exitCodeOfResult.inconclusive : exitCodeOfResult.fail
  return worst(confirmations.map(({ live }) => exitCodeOfResult[live]))
}
