// Checks a fake upstream as it is written, and the options of its routes in a load: all problems at once, each with its place.
import { METHODS, validateHeaderName, validateHeaderValue } from 'node:http'
import * as z from 'zod'
import { latencySchema } from '../faults/latency.ts'
import { type Problem, problemsError } from '../kernel/errors.ts'
import { check, positiveDuration, shown } from '../kernel/validation.ts'
import { type BodyHas, hasAtTop } from './body-has.ts'
import { compilePath } from './compile-path.ts'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const members = ['name', 'module', 'export', 'latency', 'capacity', 'routes', 'errorBody', 'errorHeaders', 'open']
/** By each of these a program takes a value for something else: a promise has `then`, and `JSON.stringify` asks `toJSON`. */
const misleading = ['then', 'toJSON']
/** No route may have one of these names: its builder would stand in a place of the upstream's that means something else. */
export const RESERVED: ReadonlySet<string> = new Set([...members, ...misleading])
// A fake answers HEAD as GET, and its server knows no tunnels.
const methods = METHODS.filter((method) => method !== 'HEAD' && method !== 'CONNECT')

const callable = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', { error: 'must be a function' })
const path = z.string().regex(/^\/[!-~]*$/, { error: 'must begin with a slash and hold no blanks; write other letters as %-escapes' })
const pattern = path.refine(isPattern, { error: 'names stand in braces, each once: /v1/things/{id}' })
/** Headers that can be sent. */
export const headers = z.record(z.string(), z.string()).superRefine((given, context) => {
  for (const [name, value] of Object.entries(given)) {
    const message = headerProblem(name, value)
    if (message) context.addIssue({ code: 'custom', path: [name], message })
  }
})

const bodyHasSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const samples = z.strictObject({
  paths: z.array(path).min(1).optional(),
  bodies: z.array(z.unknown()).default([]),
  headers: headers.default({}),
})

const route = z.strictObject({
  method: z.enum(methods as [string, ...string[]], {
    error: ({ input }) =>
      typeof input === 'string' && input !== input.toUpperCase()
        ? 'must be in capitals, such as "GET"'
        : 'must be a method of HTTP such as "GET"; HEAD is answered as GET is',
  }),
  path: pattern,
  bodyHas: bodyHasSchema.optional(),
  samples: samples.default({ bodies: [], headers: {} }),
  latency: latencySchema.optional(),
  reply: callable,
})

const definition = z.strictObject({
  name: z.string().regex(NAME, { error: 'needs a name of lower-case letters, digits and single dashes, such as "evidence-api"' }),
  latency: latencySchema,
  capacity: z.strictObject({ workers: z.int().min(1).max(100_000), queue: z.int().min(0).max(1_000_000) }).optional(),
  state: callable.optional(),
  routes: z.record(z.string(), route),
  errorBody: callable.optional(),
  errorHeaders: callable.optional(),
})

export type CheckedDefinition = z.output<typeof definition>

/** @throws GatecrashError `invalid_scenario` with all problems of what `defineUpstream` was given in `file` */
export function checkDefinition(file: string, given: { name: string; routes: Record<string, unknown> }): CheckedDefinition {
  const problems: Problem[] = []
  const found = check(definition, given, '', problems)
  // What the schema cannot say of single values. Looked at even where the schema refused others, so that all is told at once.
  for (const [name, written] of Object.entries(given?.routes ?? {})) problems.push(...routeProblems(name, written))
  if (!found || problems.length > 0)
    throw problemsError('invalid_scenario', `${file}: upstream ${shown(given?.name)} cannot be served`, problems)
  return found
}

function routeProblems(name: string, written: unknown): Problem[] {
  const place = `routes.${name}`
  const problems: Problem[] = []
  if (members.includes(name))
    problems.push({ path: place, message: `a route named "${name}" would hide what every upstream has by that name; choose another` })
  else if (misleading.includes(name))
    problems.push({
      path: place,
      message: `a route named "${name}" would make programs take the upstream for something else; choose another`,
    })
  else if (!/^[a-z]\w*$/i.test(name))
    problems.push({ path: place, message: `a route's name is letters, digits and underscores, such as getThing; got ${shown(name)}` })
  const { data } = z
    .looseObject({
      path: pattern,
      bodyHas: bodyHasSchema.optional(),
      samples: z.looseObject({ paths: z.array(path).optional(), bodies: z.array(z.unknown()).optional() }).optional(),
    })
    .safeParse(written)
  if (!data) return problems
  const { bodyHas, samples: { paths, bodies } = {} } = data
  problems.push(...strangeBodies(`${place}.samples.bodies`, bodyHas, bodies))
  if (paths === undefined && data.path.includes('{'))
    problems.push({
      path: `${place}.samples.paths`,
      message: 'the path has names in it; give samples.paths, one or more that a client would ask for',
    })
  return [...problems, ...strangers(`${place}.samples.paths`, data.path, paths)]
}

/** Paths that the route would never be asked for: its own pattern does not match them. */
function strangers(place: string, own: string, paths: readonly string[] = []): Problem[] {
  const matches = compilePath(own)
  return paths.flatMap((sample, at) =>
    matches.test(sample.split('?')[0] ?? '')
      ? []
      : [{ path: `${place}[${at}]`, message: `${shown(sample)} does not match the route's path ${own}` }],
  )
}

/** Bodies by which another route would be asked. */
function strangeBodies(place: string, own: BodyHas | undefined, bodies: readonly unknown[] = []): Problem[] {
  return bodies.flatMap((body, at) =>
    hasAtTop(body, own) ? [] : [{ path: `${place}[${at}]`, message: `the route takes only bodies with ${shown(own)} at their top` }],
  )
}

const loadOptions = z.strictObject({
  weight: z.number().gt(0).optional(),
  during: z.array(z.string().min(1)).min(1).optional(),
  idempotencyKey: z.boolean().optional(),
  expectedStatuses: z.array(z.int().min(400).max(599)).optional(),
  headers: headers.optional(),
  at: path.optional(),
  identities: z
    .array(z.strictObject({ name: z.string().min(1), headers }))
    .min(1)
    .optional(),
  paths: z.array(path).min(1).optional(),
  bodies: z.array(z.unknown()).optional(),
  sendOver: positiveDuration.optional(),
  sendHeadOver: positiveDuration.optional(),
})

/**
 * `place` is the call, such as `gemini.listModels()`.
 * @throws GatecrashError `invalid_scenario` with all problems of the options
 */
export function checkLoadOptions<Options extends object>(
  place: string,
  { path: own, bodyHas }: { path: string; bodyHas?: BodyHas },
  given: Options,
): Options {
  const problems: Problem[] = []
  const found = check(loadOptions, given, '', problems)
  if (found) problems.push(...strangers('paths', own, found.paths), ...strangeBodies('bodies', bodyHas, found.bodies))
  if (problems.length > 0) throw problemsError('invalid_scenario', place, problems)
  return given
}

function isPattern(text: string): boolean {
  const names = Array.from(text.matchAll(/\{([a-z_]\w*)\}/gi), ([, name]) => name)
  return !/[{}]/.test(text.replaceAll(/\{[a-z_]\w*\}/gi, '')) && new Set(names).size === names.length
}

function headerProblem(name: string, value: string): string | undefined {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return undefined
  } catch (cause) {
    return `cannot be sent: ${(cause as Error).message}`
  }
}
