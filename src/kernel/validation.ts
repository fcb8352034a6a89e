// From zod's issues to problems that a person can act on: the place, the value received, what is accepted.
import * as z from 'zod'
import { closest, distance } from 'fastest-levenshtein'
import type { Ms } from './clock.ts'
import { type Duration, parseDuration } from './duration.ts'
import type { Problem } from './errors.ts'

/** A written span, such as '30s', parsed into milliseconds; refuses what `parseDuration` refuses, with its message. */
export const duration = z.union([z.string(), z.number()]).transform((text: Duration, context): Ms => {
  try {
    return parseDuration(text)
  } catch (cause) {
    context.addIssue({ code: 'custom', message: (cause as Error).message })
    return z.NEVER
  }
})

/** A span that is not nothing. */
export const positiveDuration = duration.refine((ms) => ms > 0, 'must be above 0')

/** Parses `input`; on failure adds a problem per issue below `path` and returns undefined. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  path: string,
  problems: Problem[],
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) problems.push(...problemsOf(issue, schema, input, path))
  return undefined
}

/** `; did you mean "latency"?` when a known name is near enough to be a slip of the keyboard, else a list of what is known. */
export function suggest(name: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const near = closest(name, known)
  return distance(name, near) <= Math.max(2, near.length / 3) ? `; did you mean "${near}"?` : `; known: ${known.join(', ')}`
}

/** A value as it is shown in messages: JSON, cut short; what JSON cannot say, such as NaN or a circle, is said in words. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (numberOrJson(value) ?? typeof value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

function numberOrJson(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return `${value}n`
  try {
    return JSON.stringify(value)
  } catch {
    return 'a value that JSON cannot hold'
  }
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown, path: string): Problem[] {
  const place = issue.path.reduce<string>(
    (prefix, key) => (typeof key === 'number' ? `${prefix}[${key}]` : prefix ? `${prefix}.${String(key)}` : String(key)),
    path,
  )
  const received = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input)
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => ({ path: place ? `${place}.${key}` : key, message: `unknown setting "${key}"${suggest(key, known)}` }))
  }
  if (issue.code === 'invalid_union') {
    const [nearest] = issue.errors.toSorted((a, b) => misfit(a) - misfit(b))
    if (nearest && misfit(nearest) < Number.POSITIVE_INFINITY)
      return nearest.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, schema, input, path))
  }
  // Some of zod's messages end in what was received, in words of its own: the value is told once.
  const said = lowerFirst(issue.message).replace(/, received \S+$/, '')
  const message = issue.code === 'custom' ? issue.message : `${said}, got ${shown(received)}`
  return [{ path: place || '(top level)', message }]
}

/** How little a branch of a union was meant: Infinity for another type altogether, else the number of keys amiss. */
function misfit(issues: readonly z.core.$ZodIssue[]): number {
  if (issues.some(({ code, path }) => path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code)))
    return Number.POSITIVE_INFINITY
  // A union that is told apart by a field which is not there was hardly meant.
  const unknownMember = issues.filter(({ code }) => code === 'invalid_union').length * 1.5
  return issues.filter(({ code }) => code === 'unrecognized_keys' || code === 'invalid_type').length + unknownMember
}

/** Keys that an object schema knows at a path inside it; empty where the schema is not a plain object. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: unknown = schema
  for (const key of [...path, undefined]) {
    while (here instanceof z.ZodOptional || here instanceof z.ZodDefault || here instanceof z.ZodPrefault || here instanceof z.ZodNullable)
      here = here.unwrap()
    if (here instanceof z.ZodPipe) here = here.in
    if (key === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : []
    if (here instanceof z.ZodObject) here = (here.shape as Record<PropertyKey, unknown>)[key]
    else if (here instanceof z.ZodRecord) here = here.valueType
    else if (here instanceof z.ZodArray) here = here.element
    else return []
  }
  return []
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
