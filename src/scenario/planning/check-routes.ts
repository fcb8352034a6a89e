// Kinds of requests as they are written: each holds together, and names what there is.
import * as z from 'zod'
import type { Problem } from '../../kernel/errors.ts'
import { own } from '../../kernel/own.ts'
import { check, shown, suggest } from '../../kernel/validation.ts'
import { placeholderNames, placeholderProblems } from '../../plan/placeholders.ts'
import type { PlannedRoute } from '../../plan/plan.ts'
import { contentType, requestBody } from '../../plan/request-body.ts'
import { headers } from '../../upstreams/check-definition.ts'
import type { UpstreamReference } from '../scenario.ts'

const route = z.strictObject({
  route: z.string().regex(/^\S(?:.*\S)?$/, { error: 'must be a name of at least one letter' }),
  reaches: z.array(z.strictObject({ upstream: z.string(), route: z.string().optional() })),
  weight: z.number().gt(0),
  method: z.string().regex(/^[A-Z]+$/, { error: 'must be a method in capitals, such as "GET"' }),
  paths: z.array(z.string().regex(/^\/\S*$/, { error: 'must begin with a slash and hold no blanks' })).min(1),
  headers,
  identities: z
    .array(z.strictObject({ name: z.string().min(1), headers }))
    .min(1)
    .optional(),
  idempotencyKey: z.boolean().optional(),
  bodies: z.array(z.unknown()),
  sendOverMs: z.number().gt(0).optional(),
  sendHeadOverMs: z.number().gt(0).optional(),
  expectedStatuses: z.array(z.int().min(100).max(599)).optional(),
  during: z.array(z.string()).optional(),
  once: z.string().optional(),
})

interface Known {
  upstreams: Readonly<Record<string, Pick<UpstreamReference, 'routes'>>>
  /** Absent: they are not known yet. */
  phases?: readonly string[]
}

/** Adds a problem, below `place`, for whatever is wrong with a route. */
export function checkRoutes(routes: readonly PlannedRoute[], place: string, known: Known, problems: Problem[]): void {
  for (const [at, asked] of routes.entries()) {
    const path = `${place}[${at}]`
    if (check(route, asked, path, problems) === undefined) continue
    checkNames(asked, path, known, problems)
    checkPlaceholders(asked, path, known, problems)
    problems.push(...unwritableBodies(asked, path))
    if (asked.sendOverMs !== undefined && asked.bodies.length === 0)
      problems.push({ path: `${path}.sendOver`, message: `has no body to send slowly; give ${shown(asked.route)} one` })
    if (routes.findIndex((other) => other?.route === asked.route) < at)
      problems.push({ path: `${path}.route`, message: `${shown(asked.route)} is taken by an earlier route; give each a name of its own` })
  }
}

function checkNames(asked: PlannedRoute, path: string, { upstreams, phases }: Known, problems: Problem[]): void {
  for (const [at, { upstream, route: name }] of asked.reaches.entries()) {
    const place = `${path}.reaches[${at}]`
    const names = Object.keys(upstreams)
    if (!names.includes(upstream)) {
      problems.push({ path: place, message: `unknown upstream "${upstream}"${suggest(upstream, names)}` })
      continue
    }
    const routes = own(upstreams, upstream)?.routes
    if (name !== undefined && routes && !Object.hasOwn(routes, name))
      problems.push({ path: `${place}.route`, message: `${upstream} has no route "${name}"${suggest(name, Object.keys(routes))}` })
  }
  if (asked.once !== undefined && asked.during !== undefined)
    problems.push({ path: `${path}.during`, message: 'says nothing beside `once`, which names its phase; leave one of them out' })
  const named = [
    ...(asked.during ?? []).map((phase) => ({ at: 'during', phase })),
    ...(asked.once === undefined ? [] : [{ at: 'once', phase: asked.once }]),
  ]
  for (const { at, phase } of phases ? named : [])
    if (!phases?.includes(phase))
      problems.push({ path: `${path}.${at}`, message: `unknown phase "${phase}"${suggest(phase, phases ?? [])}` })
}

function checkPlaceholders(
  { headers: common, identities = [] }: PlannedRoute,
  path: string,
  { upstreams }: Known,
  problems: Problem[],
): void {
  const places = [
    { at: `${path}.headers`, given: common },
    ...identities.map((identity, which) => ({ at: `${path}.identities[${which}].headers`, given: identity.headers })),
  ]
  for (const { at, given } of places)
    for (const [name, text] of Object.entries(given))
      for (const message of placeholderProblems(text, placeholderNames(Object.keys(upstreams))))
        problems.push({ path: `${at}.${name}`, message })
}

function unwritableBodies({ headers: given, bodies }: PlannedRoute, path: string): Problem[] {
  const type = contentType(given, bodies)
  return bodies.flatMap((body, at) =>
    type === undefined || requestBody(type, body) !== undefined
      ? []
      : [{ path: `${path}.bodies[${at}]`, message: `cannot be written as ${type}; give the body as a text, got ${shown(body)}` }],
  )
}
