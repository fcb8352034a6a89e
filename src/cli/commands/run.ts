// `gatecrash run <scenario…>`: plan, play, judge, report.
import { Command } from 'commander'
import { loadCriteria } from '../../criteria/custom.ts'
import type { Verdict } from '../../judge/verdict.ts'
import type { Plan } from '../../plan/plan.ts'
import { liveStage } from '../../stage/live/live-stage.ts'
import { pointLatest, shownPath } from '../../run/bundle.ts'
import { playAndJudge } from '../../run/play-and-judge.ts'
import { mergeRepeats } from '../../run/repeats.ts'
import { oneLine } from '../../report/plain-text.ts'
import { countsSentence, marks } from '../../report/result-marks.ts'
import { warningFor } from '../machine/record.ts'
import { type ExitCode, exitCodeOfError, exitCodeOfRepeats, exitCodeOfResult, worst } from '../exit-codes.ts'
import { findScenario, planFound } from '../../project/find-scenario.ts'
import { type FlagValues, type SomeValues, addFlags, allValues, checkFlags, planOptions, stageOptions } from '../flags/flags.ts'
import { type Interruption, watchForInterruption } from '../interruption.ts'
import { loadReports, writeReports } from '../reports.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { createProgressView, progressEvents } from '../progress.ts'
import { repeatCommand } from '../repeat-command.ts'
import { printJson, say } from '../say.ts'

export function runCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .description('Run scenarios live, judge them, and leave a report. The exit code is the verdict.')
    .argument('<scenario...>', 'names in scenarios/, or paths to scenario files')
  return addFlags(command, 'run').action(async (ids: string[], values: SomeValues) => exit(await runAll(ids, allValues(values))))
}

async function runAll(ids: string[], values: FlagValues): Promise<ExitCode> {
  // All plans are made first, so that a mistake in the last scenario is reported before the first one starts.
  const series: Plan[][] = []
  for (const id of ids) series.push(await planRepeats(id, values))
  checkFlags(values, series.flat())
  for (const [plan] of series) {
    const warning = plan && (await warningFor(plan, values.out))
    if (warning !== undefined) say(warning)
  }
  using interruption = watchForInterruption((what) => say(`\n${what}: taking the faults off and judging what was recorded…`))
  const codes: ExitCode[] = []
  const verdicts: Verdict[] = []
  for (const plans of series) codes.push(await runSeries(plans, values, interruption, verdicts))
  if (values.json) printJson(verdicts.length === 1 ? verdicts[0] : verdicts)
  if (codes.length > 1) say(`\n${codes.filter((code) => code === 0).length} of ${codes.length} scenarios passed`)
  return interruption.exitCode ?? worst(codes)
}

/** One plan for each repeat, with seeds from the given one on. */
async function planRepeats(id: string, values: FlagValues): Promise<Plan[]> {
  const found = await findScenario(id)
  const plans: Plan[] = []
  for (let nth = 0; nth < values.repeat; nth++) {
    const plan = await planFound(found, planOptions({ ...values, seed: values.seed + nth }, found.source))
    await loadCriteria(plan)
    plans.push(plan)
  }
  return plans
}

/** The repeats of one scenario, and what they say together. */
async function runSeries(plans: readonly Plan[], values: FlagValues, interruption: Interruption, verdicts: Verdict[]): Promise<ExitCode> {
  const runs: Played[] = []
  for (const [at, plan] of plans.entries()) {
    if (interruption.signal.aborted) break
    if (plans.length > 1) say(`\n${plan.scenario}: run ${at + 1} of ${plans.length}, seed ${plan.seed}`)
    runs.push(await runOne(plan, { ...values, seed: plan.seed }, interruption, verdicts))
  }
  const codes = runs.map(({ code }) => code)
  const [first, ...others] = runs.flatMap(({ judged }) => judged ?? [])
  if (first === undefined || others.length === 0) return worst(codes)
  const { verdict, path } = await mergeRepeats([first, ...others])
  verdicts.push(verdict)
  say(mergedSummary(verdict, path))
  return exitCodeOfRepeats(codes, verdict.result)
}

function mergedSummary(verdict: Verdict, path: string): string {
  const { seeds = [], why, findings } = verdict
  const remedies = new Set(findings.flatMap(({ remedy }) => (remedy === undefined ? [] : [`remedy     ${oneLine(remedy, 1000)}`])))
  const reasons = why.map((reason) => `  ${oneLine(reason)}`)
  const { glyph, word } = marks[verdict.result]
  return [
    `\n${glyph} ${word.toUpperCase()}  ${oneLine(verdict.scenario)}   ${seeds.length} runs together   ${countsSentence(verdict)}   seeds ${seeds.join(', ')}`,
    ...reasons,
    ...remedies,
    `verdict    ${path}`,
  ].join('\n')
}

interface Played {
  code: ExitCode
  /** The folder of a run that was judged. */
  judged?: string
}

async function runOne(plan: Plan, values: FlagValues, { signal }: Interruption, verdicts: Verdict[]): Promise<Played> {
  const options = stageOptions(values)
  const { gateway, toxiproxy } = options
  const listen = gateway.kind === 'url' ? { ...defaultPorts(plan), ...options.listen } : options.listen
  using view = createProgressView(plan, process.stderr)
  const run = await playAndJudge(plan, {
    stage: liveStage({ ...options, listen }),
    out: values.out,
    about: { gateway, toxiproxy, observe: values.observe, command: repeatCommand(plan, values) },
    signal,
    watch(sink) {
      sink.subscribe(progressEvents, (event) => view.show(event))
      sink.subscribe(['phase'], () => void loadReports())
    },
    onOpen({ proxies }) {
      if (gateway.kind === 'url') tellProxies(proxies)
    },
  })
  view.end()
  if (run.is === 'not_played') {
    const { error, folder } = run
    say(`${plan.scenario} could not be played: ${error.message}\nlogs      ${shownPath(folder)}`)
    return { code: exitCodeOfError[error.code] }
  }
  await report(run.folder, run)
  verdicts.push(run.verdict)
  return { code: exitCodeOfResult[run.verdict.result], judged: run.folder }
}

async function report(folder: string, judged: JudgedRun): Promise<void> {
  const reportPath = await writeReports(folder, judged)
  const note = await pointLatest(folder)
  const [, , { renderSummary }] = await loadReports()
  process.stderr.write(
    renderSummary({ ...judged, reportPath, colour: process.stderr.hasColors?.() ?? false, width: process.stderr.columns ?? 84 }),
  )
  if (note !== undefined) say(note)
}

const FIRST_FIXED_PORT = 9201

/** A running gateway cannot be told where its upstreams are: its configuration names these ports. */
function defaultPorts(plan: Plan): Record<string, number> {
  return Object.fromEntries(Object.keys(plan.upstreams).map((name, at) => [name, FIRST_FIXED_PORT + at]))
}

function tellProxies(proxies: Record<string, string>): void {
  const places = Object.entries(proxies).map(([name, url]) => `  ${name} at ${url}`)
  say(`the gateway must reach its upstreams here:\n${places.join('\n')}`)
}
