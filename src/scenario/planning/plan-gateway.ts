// From the gateway's named settings to those of one plan: checked by the gateway's own schema, with overrides by path.
import type { Problem } from '../../kernel/errors.ts'
import { problemsError } from '../../kernel/errors.ts'
import { check, shown, suggest } from '../../kernel/validation.ts'
import { type UpstreamPolicies, upstreamPolicies } from '../../policies/settings.ts'
import {
  server as serverSettings,
  serverProblems,
  services as serviceSettings,
  servicesProblems,
  settingsProblems,
} from '../../gateway/config.ts'
import type { PlannedGateway } from '../../plan/plan.ts'
import { commonGateway, namedAbilities } from '../settings/common-gateway.ts'
import type { SettingsView } from '../scenario.ts'
import type { CompleteInput } from '../system.ts'
import { own } from '../../kernel/own.ts'

/** By path, `<upstream>.<policy>.<setting>`, `server.<name>` or `services.<name>.<setting>`: what takes the place of the scenario's own. */
export type Overrides = Readonly<Record<string, unknown>>

interface Given {
  overrides?: Overrides
  /** Over these. */
  candidate?: Overrides
  isForeign?: boolean
}

export function planGateway(input: CompleteInput, name: string, given: Given, problems: Problem[]): PlannedGateway {
  const found: Problem[] = []
  const planned = gatewayFrom(input, name, given, found)
  problems.push(...found.map((problem) => atItsFlag(problem, given)))
  return planned
}

/** What an override brought in stands on the command line, and not in the scenario. */
function atItsFlag({ path, message }: Problem, { overrides = {}, candidate = {}, isForeign }: Given): Problem {
  const isOf = (override: string): boolean =>
    [`gateway.${override}.`.startsWith(`${path}.`), `${path}.`.startsWith(`gateway.${override}.`)].includes(true)
  const flag = Object.keys(candidate).some(isOf) ? '--candidate' : isForeign ? '--expect' : '--set'
  if (!Object.keys({ ...overrides, ...candidate }).some(isOf)) return { path, message }
  return { path: `${flag} ${path.slice('gateway.'.length)}`, message }
}

function gatewayFrom(
  input: CompleteInput,
  name: string,
  { overrides = {}, candidate = {}, isForeign }: Given,
  problems: Problem[],
): PlannedGateway {
  const known = Object.keys(input.upstreams)
  const gateway = input.gateway ?? commonGateway(known, input.expects)
  if (!Object.hasOwn(gateway, name)) {
    problems.push({ path: 'gateway', message: `has no settings named ${shown(name)}${suggest(name, Object.keys(gateway))}` })
    return { upstreams: {} }
  }
  const { server, services, ...written } = withOverrides(own(gateway, name) ?? {}, { ...overrides, ...candidate })
  for (const upstream of Object.keys(written))
    if (!known.includes(upstream))
      problems.push({ path: `gateway.${upstream}`, message: `unknown upstream "${upstream}"${suggest(upstream, known)}` })
  const before = problems.length
  const upstreams = Object.fromEntries(
    known.map((upstream) => [upstream, check(upstreamPolicies, own(written, upstream) ?? {}, `gateway.${upstream}`, problems)]),
  ) as Record<string, UpstreamPolicies>
  // What was refused is undefined; the plan is not made then.
  if (problems.length === before)
    problems.push(...settingsProblems(upstreams).map(({ path, message }) => ({ path: `gateway.${path}`, message })))
  const serves = server === undefined ? undefined : check(serverSettings, server, 'gateway.server', problems)
  if (serves) problems.push(...serverProblems(serves, known).map(({ path, message }) => ({ path: `gateway.server.${path}`, message })))
  const on = services === undefined ? undefined : check(serviceSettings, services, 'gateway.services', problems)
  if (on) problems.push(...servicesProblems(on, known).map(({ path, message }) => ({ path: `gateway.services.${path}`, message })))
  return {
    upstreams,
    ...(input.gateway === undefined && isForeign && { expects: namedAbilities(known, input.expects ?? {}, overrides) }),
    // Checked above, and handed on as it is written.
    ...(server !== undefined && { server: server as Record<string, unknown> }),
    ...(services !== undefined && { services: services as Record<string, unknown> }),
  }
}

/** Settings to look at the rest of a scenario with, where its own are refused: common ones in place of those. */
export function assumedOf(input: CompleteInput, refused: PlannedGateway): PlannedGateway {
  const known = Object.keys(input.upstreams)
  const common = new Map(Object.entries(commonGateway(known)['ci'] ?? {}))
  const policies = (upstream: string): UpstreamPolicies =>
    own(refused.upstreams, upstream) ?? upstreamPolicies.parse(common.get(upstream) ?? {})
  return { upstreams: Object.fromEntries(known.map((upstream) => [upstream, policies(upstream)])) }
}

/**
 * The settings that phases may be derived from. Where common ones are assumed, these also stand for a policy that the gateway is said
 * not to have: the story lasts as long with it as without it.
 */
export function timingOf(input: CompleteInput, name: string, planned: PlannedGateway): PlannedGateway {
  if (input.gateway !== undefined) return planned
  const common = planGateway({ ...input, expects: {} }, name, {}, [])
  const set = (policies: object): object => Object.fromEntries(Object.entries(policies).filter(([, value]) => value !== undefined))
  const upstreams = Object.entries(common.upstreams).map(([upstream, assumed]) => [
    upstream,
    { ...assumed, ...set(own(planned.upstreams, upstream) ?? {}) },
  ])
  // Object.fromEntries forgets that these are policies.
  return { upstreams: Object.fromEntries(upstreams) as PlannedGateway['upstreams'] }
}

function withOverrides(settings: Record<string, unknown>, overrides: Overrides): Record<string, unknown> {
  return Object.entries(overrides).reduce((changed, [path, value]) => withSetting(changed, path.split('.'), value), settings)
}

/** A copy as far as it differs: settings of two upstreams may be one object. */
function withSetting(settings: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const changed = { ...settings }
  const next = own(settings, key)
  // A policy that is switched off, or not there, becomes one with this setting alone.
  const inner: Record<string, unknown> = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : {}
  const set = rest.length === 0 ? value : withSetting(inner, rest, value)
  Object.defineProperty(changed, key, { value: set, enumerable: true, writable: true, configurable: true })
  return changed
}

/** Settings that answer a question about a policy that is not set with an error instead of undefined. */
export function viewOf({ upstreams }: PlannedGateway): SettingsView<string> {
  const strict = <T extends object>(target: T, place: string): T =>
    new Proxy(target, {
      get(object, key, receiver) {
        const value: unknown = Reflect.get(object, key, receiver)
        if (value !== undefined || typeof key === 'symbol') return value
        throw problemsError('invalid_scenario', 'scenario', [
          { path: `${place}.${key}`, message: 'a phase or criterion asks for this, but it is not set; set it in `gateway`' },
        ])
      },
    })
  const views = Object.entries(upstreams).map(([name, policies]) => [name, strict(policies, `gateway.${name}`)])
  return strict(Object.fromEntries(views) as SettingsView<string>, 'gateway')
}
