// A command line on the project in whose folder it is typed. What comes first counts:
//
//   flag ▶ variable of the environment ▶ scenario ▶ gatecrash.config ▶ common default
import type { Command } from 'commander'
import { problemsError } from '../../kernel/errors.ts'
import type { GatewayChoice } from '../../plan/gateway-choice.ts'
import type { Plan } from '../../plan/plan.ts'
import { checkPlaceholders } from '../../project/check-placeholders.ts'
import { type FoundScenario, planFound } from '../../project/find-scenario.ts'
import { loadProject } from '../../project/load-project.ts'
import type { Project } from '../../project/project.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { type FlagValues, type SomeValues, allValues, planOptions } from '../flags/flags.ts'
import { configuredFlags } from './configured-flags.ts'

export interface OnProject {
  /** Of the flags, with the config's values for those that are not given. */
  values: FlagValues
  /** Only what was typed, or set by variables: what the command that repeats a run holds. */
  given: SomeValues
  /** Absent where there is no config. */
  project: Project | undefined
}

/** @throws GatecrashError `invalid_config` with every problem of the config */
export async function onProject(command: Command, values: SomeValues, folder = process.cwd()): Promise<OnProject> {
  const project = await loadProject(folder, configuredFlags)
  const isGiven = ([name]: [string, unknown]): boolean => ['cli', 'env'].includes(command.getOptionValueSource(name) ?? '')
  const given: SomeValues = Object.fromEntries(Object.entries(values).filter(isGiven))
  return { values: allValues({ ...configuredFlags(project?.flags ?? {}, []), ...given }), given, project }
}

/** The values for one scenario: it may name settings of the reference gateway, and is then not played on the config's. */
export function valuesFor({ input }: Scenario, { values, given, project }: OnProject): FlagValues {
  const configured = project?.gateway
  const gateway = given.gateway ? withSetup(given.gateway, project) : input.gateway === undefined ? configured?.choice : undefined
  if (!gateway) return values
  return {
    ...values,
    gateway,
    readyPath: given.readyPath ?? configured?.readyPath ?? values.readyPath,
    readyWithin: given.readyWithin ?? configured?.readyWithinMs ?? values.readyWithin,
  }
}

/** A command that is typed runs where it is typed, and gets what the config's own would get. */
function withSetup(choice: GatewayChoice, project: Project | undefined): GatewayChoice {
  const { env, files } = project?.gateway?.setup ?? {}
  return choice.kind === 'command' ? { ...choice, ...(env && { env }), ...(files && { files }) } : choice
}

/**
 * The plan of a scenario with its values.
 * @throws GatecrashError `invalid_scenario`; `invalid_config` for a placeholder that the plan's upstreams do not have
 */
export async function planOn(found: FoundScenario, values: FlagValues, { project }: OnProject): Promise<Plan> {
  const headers = values.gateway.kind === 'reference' ? {} : (project?.gateway?.headers ?? {})
  const plan = await planFound(found, { ...planOptions(values, found.source), system: project?.system, headers })
  checkPlaced(plan, values, project)
  return plan
}

/** Looks at the placeholders of the gateway that the plan is played on. */
function checkPlaced(plan: Plan, { gateway }: FlagValues, project: Project | undefined): void {
  if (gateway.kind === 'reference') return
  const { setup, headers } = project?.gateway ?? { setup: {}, headers: {} }
  const problems = checkPlaceholders({ setup, headers, choice: gateway }, Object.keys(plan.upstreams))
  if (problems.length > 0) throw problemsError('invalid_config', `${project?.source ?? '--gateway'}, for ${plan.scenario}`, problems)
}
