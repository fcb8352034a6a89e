// `gatecrash run <scenario…>`: plan, play, judge, report.
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { suggest } from '../../kernel/validation.ts'
import type { Ms } from '../../kernel/clock.ts'
import { loadCriteria } from '../../criteria/custom.ts'
import type { Verdict } from '../../judge/verdict.ts'
import type { Plan } from '../../plan/plan.ts'
import { planScenario } from '../../scenario/plan-scenario.ts'
import type { GatewayChoice } from '../../stage/live/gateway-process.ts'
import { liveStage } from '../../stage/live/live-stage.ts'
import { pointLatest, shownPath } from '../../run/bundle.ts'
import { playAndJudge } from '../../run/play-and-judge.ts'
import { type ExitCode, exitCodeOfError, exitCodeOfResult, worst } from '../exit-codes.ts'
import { findScenario } from '../find-scenario.ts'
import { fixedPort, gatewayChoice, integer, span, urlPath } from '../flags.ts'
import { type Interruption, watchForInterruption } from '../interruption.ts'
import { loadReports, writeReports } from '../reports.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { createProgressView, progressEvents } from '../progress.ts'
import { READY_PATH } from '../../contract/paths.ts'
import { READY_WITHIN, commandOf } from '../../run/repeat-command.ts'

interface RunFlags {
  seed: number
  policy: string
  repeat: number
  gateway: GatewayChoice
  toxiproxy: string
  listen: Record<string, number>
  readyPath: string
  readyWithin: Ms
  out: string
  json?: true
}

export function runCommand(exit: (code: ExitCode) => void): Command {
  return new Command('run')
    .description('Run scenarios live, judge them, and leave a report. The exit code is the verdict.')
    .argument('<scenario...>', 'names in scenarios/, or paths to scenario files')
    .option('--seed <n>', 'decides arrivals, faults and jitter', integer(0), 42)
    .option('--policy <which>', 'settings of the gateway under test: ci, production, or another that the scenario names', 'ci')
    .option('--repeat <n>', 'run each scenario n times; all must pass', integer(1), 1)
    .option(
      '--gateway <command|url>',
      'your gateway in place of the reference one: a command, or the URL of a running one',
      gatewayChoice,
      { kind: 'reference' },
    )
    .option('--ready-path <path>', 'answers 2xx when the gateway is ready', urlPath, READY_PATH)
    .option('--ready-within <span>', 'how long it may take', span, READY_WITHIN)
    .option(
      '--listen <upstream=port>',
      'a fixed port for the proxy of an upstream, for a gateway that cannot be told (repeatable)',
      fixedPort,
      {},
    )
    .option('--toxiproxy <which>', 'embedded, binary, docker, auto, or the URL of a running server', 'embedded')
    .option('--out <folder>', 'where run bundles go', 'reports')
    .option('--json', 'print the verdict as JSON on standard output')
    .action(async (ids: string[], flags: RunFlags) => exit(await runAll(ids, flags)))
}

async function runAll(ids: string[], flags: RunFlags): Promise<ExitCode> {
  // All plans first: a mistake in the last scenario is told before the first one starts.
  const plans: Plan[] = []
  for (const id of ids) {
    const { scenario, source } = await findScenario(id)
    const plan = planScenario(scenario, { seed: flags.seed, settings: flags.policy, source })
    await loadCriteria(plan)
    plans.push(plan)
  }
  checkListen(flags.listen, plans)
  using interruption = watchForInterruption((what) =>
    process.stderr.write(`\n${what}: taking the faults off and judging what was recorded…\n`),
  )
  const codes: ExitCode[] = []
  const verdicts: Verdict[] = []
  for (const plan of plans)
    for (let count = 1; count <= flags.repeat && !interruption.signal.aborted; count++) {
      if (flags.repeat > 1) process.stderr.write(`\n${plan.scenario}: run ${count} of ${flags.repeat}\n`)
      codes.push(await runOne(plan, flags, interruption, verdicts))
    }
  if (flags.json) process.stdout.write(`${JSON.stringify(verdicts.length === 1 ? verdicts[0] : verdicts, undefined, 2)}\n`)
  if (codes.length > 1) process.stderr.write(`\n${codes.filter((code) => code === 0).length} of ${codes.length} runs passed\n`)
  return interruption.exitCode ?? worst(codes)
}

function checkListen(listen: Record<string, number>, plans: readonly Plan[]): void {
  const known = [...new Set(plans.flatMap(({ upstreams }) => Object.keys(upstreams)))]
  for (const [name, port] of Object.entries(listen)) {
    if (!known.includes(name))
      throw new GatecrashError('usage', `--listen ${name}=${port}: unknown upstream "${name}"${suggest(name, known)}`)
    if (Object.entries(listen).some(([other, taken]) => other !== name && taken === port))
      throw new GatecrashError('usage', `--listen: port ${port} is given to two upstreams; give each its own`)
  }
}

async function runOne(plan: Plan, flags: RunFlags, { signal }: Interruption, verdicts: Verdict[]): Promise<ExitCode> {
  const { gateway, toxiproxy, readyPath, readyWithin: readyWithinMs, out } = flags
  const listen = gateway.kind === 'url' ? { ...defaultPorts(plan), ...flags.listen } : flags.listen
  using view = createProgressView(plan, process.stderr)
  const run = await playAndJudge(plan, {
    stage: liveStage({ gateway, readyPath, readyWithinMs, toxiproxy, listen }),
    out,
    about: { gateway, toxiproxy, command: commandOf(plan, flags) },
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
    process.stderr.write(`${plan.scenario} could not be played: ${error.message}\nlogs      ${shownPath(folder)}\n`)
    return exitCodeOfError[error.code]
  }
  await report(run.folder, run)
  verdicts.push(run.verdict)
  return exitCodeOfResult[run.verdict.result]
}

async function report(folder: string, judged: JudgedRun): Promise<void> {
  const reportPath = await writeReports(folder, judged)
  await pointLatest(folder)
  const [, , { renderSummary }] = await loadReports()
  process.stderr.write(
    renderSummary({ ...judged, reportPath, colour: process.stderr.hasColors?.() ?? false, width: process.stderr.columns ?? 84 }),
  )
}

const FIRST_FIXED_PORT = 9201

/** A running gateway cannot be told where its upstreams are, so they are where it can be configured to look. */
function defaultPorts(plan: Plan): Record<string, number> {
  return Object.fromEntries(Object.keys(plan.upstreams).map((name, at) => [name, FIRST_FIXED_PORT + at]))
}

function tellProxies(proxies: Record<string, string>): void {
  const places = Object.entries(proxies).map(([name, url]) => `  ${name} at ${url}`)
  process.stderr.write(`the gateway must reach its upstreams here:\n${places.join('\n')}\n`)
}
