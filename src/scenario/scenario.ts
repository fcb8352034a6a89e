// A scenario as its author writes it: a declaration. Nothing is parsed or checked here; plan.ts's resolver reports all problems at once.
import type { UpstreamPolicies, UpstreamPoliciesInput } from '../policies/settings.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Criterion } from '../criteria/criterion.ts'
import type { LoadInput } from './load.ts'
import type { PhaseInput } from './phases.ts'
import type { PlannedUpstream } from '../plan/plan.ts'

/** What `defineUpstream` returns, as far as a scenario is concerned. */
export interface UpstreamReference extends PlannedUpstream {
  name: string
}

/** A criterion with the place where it was written. */
export interface CriterionInput {
  criterion: Criterion
  source?: { file: string; line: number }
}

/** The settings that the gateway under test runs with, for deriving durations and bounds. Asking for a policy that is not set is an error. */
export type SettingsView<Names extends string> = Record<
  Names,
  { [Policy in keyof UpstreamPolicies]-?: NonNullable<UpstreamPolicies[Policy]> }
>

export interface ScenarioInput<Names extends string = string> {
  /** What happens and what the gateway is to do about it, in a sentence or three. */
  story: string
  upstreams: Record<Names, UpstreamReference>
  gateway: GatewayInput<Names>
  load: LoadInput
  phases: (given: { gateway: SettingsView<Names> }) => PhaseInput[]
  criteria: CriterionInput[] | ((given: { gateway: SettingsView<Names> }) => CriterionInput[])
}

export interface GatewayInput<Names extends string = string> {
  ci: Partial<Record<Names, UpstreamPoliciesInput>>
  production: Partial<Record<Names, UpstreamPoliciesInput>>
}

export interface Scenario {
  name: string
  input: ScenarioInput
}

/** Declares a scenario. Its name is its file's name. */
export function scenario<Names extends string>(name: string, input: ScenarioInput<Names>): Scenario {
  return { name, input }
}

/**
 * Settings of the reference gateway by upstream: quick ones for CI, and under `production` what differs there.
 * A policy given for production replaces the whole policy of that name.
 */
export function reference<Names extends string>(
  ci: Partial<Record<Names, UpstreamPoliciesInput>>,
  options: { production?: Partial<Record<NoInfer<Names>, UpstreamPoliciesInput>> } = {},
): GatewayInput<Names> {
  const production = { ...ci }
  for (const name of Object.keys(options.production ?? {}) as Names[]) production[name] = { ...ci[name], ...options.production?.[name] }
  return { ci, production }
}

/** `factor` times a span that the settings give, in milliseconds. */
export function times(factor: number, span: Ms): Ms {
  return factor * span
}
