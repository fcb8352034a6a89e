// Checks a project's config: all problems at once, each with its place, the value and the remedy.
import * as z from 'zod'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, shown, suggest } from '../kernel/validation.ts'
import type { PlannedRoute } from '../plan/plan.ts'
import { upstreamPolicies } from '../policies/settings.ts'
import { checkRoutes } from '../scenario/planning/check-routes.ts'
import { checkUpstreams } from '../scenario/planning/check-upstreams.ts'
import type { GatewaySettings } from '../scenario/scenario.ts'
import type { System } from '../scenario/system.ts'
import { type Upstream, allRoutesOf, isUpstream } from '../upstreams/define.ts'
import { checkPlaceholders } from './check-placeholders.ts'
import { configuredGateway } from './configured-gateway.ts'
import type { Project } from './project.ts'

const fake = z.custom<Upstream>(isUpstream, {
  error: ({ input }) => `is no upstream; make it with defineUpstream(import.meta, { … }), got ${shown(input)}`,
})

/** Each part is looked at alone, so that one that is wrong hides nothing in the others. */
const parts = {
  upstreams: z.record(z.string(), fake).optional(),
  routes: z.array(z.unknown()).optional(),
  rate: z.number({ error: 'must be a number of requests per second, such as 100' }).gt(0).max(1e6).optional(),
  expects: z.record(z.string(), z.unknown()).optional(),
  flags: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).default({}),
}

const config = z.strictObject({
  gateway: z.unknown().optional(),
  upstreams: z.unknown().optional(),
  routes: z.unknown().optional(),
  rate: z.unknown().optional(),
  expects: z.unknown().optional(),
  flags: z.unknown().optional(),
})

/** Looks at what is set for flags, which only the command line knows. */
export type CheckFlags = (flags: Project['flags'], problems: Problem[]) => void

/**
 * `written` is what the config's file, shown as `source`, exports; its paths are relative to `folder`.
 * @throws GatecrashError `invalid_config` with every problem
 */
export function checkConfig(written: unknown, { source, folder }: { source: string; folder: string }, checkFlags: CheckFlags): Project {
  const problems: Problem[] = []
  check(config, written, '', problems)
  const given = written as z.output<typeof config>
  const gateway = given.gateway === undefined ? undefined : configuredGateway(given.gateway, folder, problems)
  const system = systemOf(given, source, problems)
  const flags = check(parts.flags, given.flags, 'flags', problems) ?? {}
  checkFlags(flags, problems)
  // Without upstreams, a scenario's own decide which placeholders there are.
  if (gateway && system) problems.push(...checkPlaceholders(gateway, Object.keys(system.upstreams)))
  if (problems.length > 0) throw problemsError('invalid_config', source, problems)
  return { source, ...(gateway && { gateway }), ...(system && { system }), flags }
}

/** What scenarios are played on; undefined where the config names no upstreams. */
function systemOf(given: z.output<typeof config>, source: string, problems: Problem[]): System | undefined {
  const rate = check(parts.rate, given.rate, 'rate', problems)
  const routes = check(parts.routes, given.routes, 'routes', problems)
  const expects = check(parts.expects, given.expects, 'expects', problems)
  if (given.upstreams === undefined) {
    for (const [name, part] of Object.entries({ routes, expects }))
      if (part !== undefined) problems.push({ path: name, message: 'needs `upstreams`: the fakes that the gateway is in front of' })
    return undefined
  }
  const before = problems.length
  const upstreams = check(parts.upstreams, given.upstreams, 'upstreams', problems)
  if (upstreams) checkUpstreams(upstreams, 'upstreams', problems)
  const names = Object.keys(given.upstreams ?? {})
  // Every route is looked at before anything is made of it.
  const asked = (routes as PlannedRoute[] | undefined) ?? Object.values(upstreams ?? {}).flatMap((upstream) => allRoutesOf(upstream))
  if (asked.length === 0 && problems.length === before)
    problems.push({ path: 'routes', message: 'there must be at least one kind of request' })
  checkRoutes(asked, 'routes', { upstreams: upstreams ?? Object.fromEntries(names.map((name) => [name, {}])) }, problems)
  for (const [name, settings] of Object.entries(expects ?? {}))
    if (names.includes(name)) check(upstreamPolicies, settings, `expects.${name}`, problems)
    else problems.push({ path: `expects.${name}`, message: `unknown upstream "${name}"${suggest(name, names)}` })
  if (!upstreams) return undefined
  // Checked above, upstream by upstream.
  return {
    source,
    upstreams,
    routes: asked,
    ...(rate !== undefined && { ratePerSecond: rate }),
    expects: (expects ?? {}) as GatewaySettings,
  }
}
