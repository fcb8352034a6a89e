// `gatecrash/run`: plays and judges a scenario from a program, as `gatecrash run` does from a shell. It prints nothing, and leaves a bundle.
//
//   scenario + gateway ──▶ plan ──▶ live stage ──▶ bundle ──▶ verdict
import type { Observation } from '../criteria/finding/observation.ts'
import { callSite } from '../criteria/writing/call-site.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import { type Problem, problemsError } from '../kernel/errors.ts'
import type { GatewayChoice } from '../plan/gateway-choice.ts'
import type { Plan } from '../plan/plan.ts'
import { checkPlaceholders } from '../project/check-placeholders.ts'
import { configuredGateway } from '../project/configured-gateway.ts'
import { findScenario } from '../project/find-scenario.ts'
import { loadProject } from '../project/load-project.ts'
import type { Project } from '../project/project.ts'
import type { Overrides } from '../scenario/planning/plan-gateway.ts'
import { planScenario } from '../scenario/plan-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { fixedPorts } from '../stage/live/fixed-ports.ts'
import { liveStage } from '../stage/live/live-stage.ts'
import { pointLatest } from './bundle/bundle.ts'
import type { JudgedRun } from './judged-run.ts'
import { playAndJudge } from './play-and-judge.ts'

export type { Finding, Verdict } from '../judge/verdict.ts'
export { GatecrashError } from '../kernel/errors.ts'
export type { JudgedRun } from './judged-run.ts'

/** A shell command, or the URL of a gateway that is running already; or one of these with more. */
export type GatewayUnderTest = string | { command: string; env?: Record<string, string> } | { url: string }

export interface RunOptions {
  /** Absent: the gateway of gatecrash.config, or else the reference gateway. */
  gateway?: GatewayUnderTest | undefined
  /** Decides arrivals, faults and jitter. Default 42. */
  seed?: number
  /** Which of the settings that the scenario names. Default `ci`. */
  policy?: string
  /** Requests per second, in place of the highest of the load. */
  rate?: number
  /** What the gateway is to do, by path, such as `{ 'orders.breaker.failures': 10 }`. */
  expects?: Overrides
  /** A path that answers 2xx when the gateway is ready. Default /healthz. */
  readyPath?: string
  /** Default 15 s. */
  readyWithin?: Duration
  /** Fixed ports for the proxies by upstream, for a gateway that is running already. Default: from 9201 on. */
  listen?: Readonly<Record<string, number>>
  /** `embedded`, `binary`, `docker`, `auto`, or the URL of a running server. Default `embedded`. */
  toxiproxy?: string
  /** Whose word counts about breakers. Default `both`. */
  observe?: Observation
  /** The file that the scenario is written in, for messages. Default: the caller's. */
  source?: string
  /** The folder of bundles. Default `reports`. */
  out?: string
  /** Aborting it takes the faults off and ends the run; what was recorded by then is judged. */
  signal?: AbortSignal
}

export interface ScenarioRun extends JudgedRun {
  /** The folder of its bundle. `gatecrash judge` makes a report of it. */
  folder: string
}

const thisFolder = new URL('.', import.meta.url).href

/**
 * Plays a scenario, or the one that is found by a name (./scenarios, then the package), and judges it. A verdict is a result, whatever it is.
 * @throws GatecrashError `invalid_scenario`, `invalid_config` or `usage` before anything is started; `gateway_not_ready`, `port_taken` and
 *   the like when the load could not begin
 */
export async function runScenario(story: Scenario | string, options: RunOptions = {}): Promise<ScenarioRun> {
  // Before the first wait: afterwards nobody knows who called.
  const { source: place = callSite(thisFolder).file } = options
  const { out = 'reports', signal = new AbortController().signal, toxiproxy = 'embedded', observe = 'both' } = options
  const { scenario, source } = typeof story === 'string' ? await findScenario(story) : { scenario: story, source: place }
  const project = await loadProject(process.cwd(), () => {})
  const gateway = gatewayOf(scenario, options, project)
  const plan = planScenario(scenario, planOptions(options, { source, gateway, project }))
  checkPlaced(plan, gateway, project)
  const configured = project?.gateway
  const stage = liveStage({
    gateway,
    readyPath: options.readyPath ?? configured?.readyPath ?? '/healthz',
    readyWithinMs: options.readyWithin === undefined ? (configured?.readyWithinMs ?? 15_000) : parseDuration(options.readyWithin),
    toxiproxy,
    listen: { ...(gateway.kind === 'url' && fixedPorts(plan)), ...options.listen },
  })
  const about = { gateway, toxiproxy, observe, command: repeatCommand(plan, gateway) }
  const run = await playAndJudge(plan, { stage, out, about, signal })
  if (run.is === 'not_played') throw run.error
  await pointLatest(run.folder)
  return run
}

/** Given, or else as the project has it. A scenario that names settings of the reference gateway is played on that one. */
function gatewayOf({ input }: Scenario, { gateway }: RunOptions, project: Project | undefined): GatewayChoice {
  const problems: Problem[] = []
  const given = gateway === undefined ? undefined : configuredGateway(gateway, process.cwd(), problems)
  if (problems.length > 0) throw problemsError('invalid_config', 'the gateway under test', problems)
  const configured = input.gateway === undefined ? project?.gateway?.choice : undefined
  return given?.choice ?? configured ?? { kind: 'reference' }
}

/** Looks at the placeholders of the gateway that the plan is played on. */
function checkPlaced({ upstreams, scenario }: Plan, choice: GatewayChoice, project: Project | undefined): void {
  if (choice.kind === 'reference') return
  const { setup, headers } = project?.gateway ?? { setup: {}, headers: {} }
  const problems = checkPlaceholders({ setup, headers, choice }, Object.keys(upstreams))
  if (problems.length > 0) throw problemsError('invalid_config', `the gateway under test, for ${scenario}`, problems)
}

function planOptions(
  { seed = 42, policy = 'ci', rate, expects }: RunOptions,
  { source, gateway, project }: { source: string; gateway: GatewayChoice; project: Project | undefined },
) {
  const isForeign = gateway.kind !== 'reference'
  return {
    seed,
    settings: policy,
    source,
    isForeign,
    system: project?.system,
    headers: isForeign ? (project?.gateway?.headers ?? {}) : {},
    ...(rate !== undefined && { ratePerSecond: rate }),
    ...(expects && { overrides: expects }),
  }
}

/** What a shell plays the same with, where the scenario has a file of its own. */
function repeatCommand({ scenario, seed }: Plan, gateway: GatewayChoice): string {
  const under = gateway.kind === 'reference' ? [] : ['--gateway', JSON.stringify(gateway.kind === 'url' ? gateway.url : gateway.command)]
  return ['npx gatecrash run', scenario, '--seed', seed, ...under].join(' ')
}
