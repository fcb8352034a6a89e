// Plays one scenario, or its repeats one by one, and says what each of them and all together are judged to be.
import type { Plan } from '../../plan/plan.ts'
import { oneLine } from '../../report/plain-text.ts'
import { countsSentence, marks } from '../../report/result-marks.ts'
import { falseAlertsSentence } from '../../report/series-result.ts'
import { pointLatest, shownPath } from '../../run/bundle/bundle.ts'
import { playAndJudge } from '../../run/play-and-judge.ts'
import { mergeRepeats } from '../../run/repeats.ts'
import type { Series, SeriesRun } from '../../run/series.ts'
import { unjudgedSentence } from '../../simulation/unjudged.ts'
import { simulatedStage } from '../../simulation/simulated-stage.ts'
import { fixedPorts } from '../../stage/live/fixed-ports.ts'
import { liveStage } from '../../stage/live/live-stage.ts'
import { type FlagValues, calibrationOf, stageOptions } from '../flags/flags.ts'
import type { OnProject } from '../project/on-project.ts'
import { createProgressView, progressEvents } from '../progress.ts'
import { repeatCommand } from '../repeat-command.ts'
import { loadReports, writeReports } from '../reports.ts'
import { say } from '../say.ts'
import { showSummary } from '../show-summary.ts'

/** `plans` are one scenario's, each with a seed of its own; `values` are its own too. */
export async function playSeries(plans: readonly Plan[], values: FlagValues, signal: AbortSignal, on: OnProject): Promise<Series> {
  const runs: SeriesRun[] = []
  const unjudged = values.simulate && plans[0] ? unjudgedSentence(plans[0]) : undefined
  if (unjudged !== undefined) say(unjudged)
  for (const [at, plan] of plans.entries()) {
    const why = endedBy(runs, values, signal)
    if (why !== undefined) {
      runs.push({ is: 'not_begun', seed: plan.seed, why })
      continue
    }
    if (plans.length > 1) say(`\n${plan.scenario}: run ${at + 1} of ${plans.length}, seed ${plan.seed}`)
    runs.push(await playOne(plan, values, signal, on))
  }
  const scenario = plans[0]?.scenario ?? ''
  const [first, ...others] = runs.flatMap((run) => (run.is === 'judged' ? run.folder : []))
  if (first === undefined || others.length === 0) return { scenario, runs }
  const together = await mergeRepeats([first, ...others])
  tellTogether(together, values)
  return { scenario, runs, together }
}

/** Of a scenario that is not begun at all. */
export function notBegun(plans: readonly Plan[], why: string): Series {
  return { scenario: plans[0]?.scenario ?? '', runs: plans.map(({ seed }) => ({ is: 'not_begun', seed, why })) }
}

/** Why no further repeat begins. One that is inconclusive ends nothing: together with the next it may decide. */
function endedBy(runs: readonly SeriesRun[], { bail }: FlagValues, signal: AbortSignal): string | undefined {
  if (signal.aborted) return 'the command was ended'
  const isBad = (run: SeriesRun): boolean => run.is === 'not_played' || (run.is === 'judged' && run.verdict.result === 'fail')
  return bail && runs.some(isBad) ? 'an earlier run did not pass (--bail)' : undefined
}

async function playOne(plan: Plan, values: FlagValues, signal: AbortSignal, { given, project }: OnProject): Promise<SeriesRun> {
  const options = stageOptions(values)
  const { gateway, toxiproxy } = options
  const listen = gateway.kind === 'url' ? { ...fixedPorts(plan), ...options.listen } : options.listen
  using view = createProgressView(plan, process.stderr)
  const run = await playAndJudge(plan, {
    stage: values.simulate ? simulatedStage(calibrationOf(values)) : liveStage({ ...options, listen }),
    out: values.out,
    about: {
      gateway,
      toxiproxy,
      ...(values.simulate && { simulated: { calibration: calibrationOf(values) } }),
      observe: values.observe,
      project,
      command: repeatCommand(plan, { ...given, seed: plan.seed }),
    },
    signal,
    watch(sink) {
      // A simulated run is over before anybody has read a line.
      if (!values.simulate) sink.subscribe(progressEvents, (event) => view.show(event))
      sink.subscribe(['phase'], () => void loadReports())
    },
    onOpen({ proxies }) {
      if (gateway.kind === 'url') tellProxies(proxies)
    },
  })
  view.end()
  if (run.is === 'not_played') {
    say(`${plan.scenario} could not be played: ${run.error.message}\nlogs      ${shownPath(run.folder)}`)
    return { ...run, seed: plan.seed }
  }
  const reportPath = await writeReports(run.folder, run)
  const note = await pointLatest(run.folder)
  const { renderSummary } = await loadReports()
  showSummary((page) => renderSummary({ ...run, reportPath, ...page }), values)
  if (note !== undefined) say(note)
  return { ...run, seed: plan.seed, reportPath }
}

function tellProxies(proxies: Record<string, string>): void {
  const places = Object.entries(proxies).map(([name, url]) => `  ${name} at ${url}`)
  say(`the gateway must reach its upstreams here:\n${places.join('\n')}`)
}

function tellTogether({ verdict, path }: NonNullable<Series['together']>, values: FlagValues): void {
  const { seeds = [], why, findings } = verdict
  const alerts = falseAlertsSentence([verdict])
  const remedies = new Set(findings.flatMap(({ remedy }) => (remedy === undefined ? [] : [`remedy     ${oneLine(remedy, 1000)}`])))
  const { glyph, word } = marks[verdict.result]
  const lines = [
    '',
    `${glyph} ${word.toUpperCase()}  ${oneLine(verdict.scenario)}   ${seeds.length} runs together   ${countsSentence(verdict)}   seeds ${seeds.join(', ')}`,
    ...why.map((reason) => `  ${oneLine(reason, 1000)}`),
    ...remedies,
    ...(alerts === undefined ? [] : [`alerts     ${alerts}`]),
    `verdict    ${oneLine(path, 1000)}`,
    '',
  ]
  showSummary(() => lines.join('\n'), values)
}
