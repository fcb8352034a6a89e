// What there is to know of each setting of the reference gateway: its path and default from the schemas, and a sentence from the comment
// above its field, which compiled modules have too.
import { globSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import type * as z from 'zod'
import { server, services } from '../../gateway/config.ts'
import { span } from '../../kernel/wording.ts'
import { upstreamPolicies } from '../../policies/settings.ts'

export interface SettingDoc {
  /** `<upstream>.breaker.failures`, `services.webhooks.base`; `steps[].fails` is of each member of a list. */
  path: string
  /** As it is written; undefined where there is none. */
  fallback: string | undefined
  /** The comment above its field; undefined where there is none. */
  says: string | undefined
}

/** Where the fields of the first name of a path stand, below src/ and without their ending; of a policy that is not named here, in its settings. */
const places: Record<string, string> = {
  timeout: 'policies/timeout',
  breaker: 'policies/breaker/settings',
  retry: 'policies/retry/{settings,budget/*}',
  bulkhead: 'policies/limits/{bulkhead,adaptive/*}',
  rateLimit: 'policies/limits/*',
  hedge: 'policies/hedging/settings',
  fallback: 'policies/fallback/settings',
  server: '{gateway/{settings/server,stores/settings},policies/limits/token-bucket}',
}

let docs: readonly SettingDoc[] | undefined

export function settingDocs(): readonly SettingDoc[] {
  docs ??= read()
  return docs
}

function read(): SettingDoc[] {
  const all = [...fieldsOf(upstreamPolicies, []), ...fieldsOf(server, ['server']), ...fieldsOf(services, ['services'])]
  return all.map(({ names, fallback }) => ({
    path: names[0] === 'server' || names[0] === 'services' ? names.join('.') : `<upstream>.${names.join('.')}`,
    fallback,
    says: commentOn(names),
  }))
}

interface Field {
  names: string[]
  fallback: string | undefined
}

/** The fields of a schema that hold no others, by their paths. Of a union, those of all of its objects. */
function fieldsOf(schema: z.core.$ZodType, names: string[], fallback?: string): Field[] {
  // The definition of a schema is public; which one it is, its `type` tells.
  const def = schema._zod.def as z.core.$ZodTypeDef & Record<string, unknown>
  const inner = def['innerType'] as z.core.$ZodType
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def['shape'] as Record<string, z.core.$ZodType>)
      return fields.flatMap(([name, field]) => fieldsOf(field, [...names, name]))
    }
    case 'array': {
      const held = fieldsOf(def['element'] as z.core.$ZodType, [...names.slice(0, -1), `${names.at(-1)}[]`])
      return held.length > 1 ? [{ names, fallback }, ...held] : [{ names, fallback }]
    }
    case 'optional':
      return fieldsOf(inner, names, fallback)
    case 'default':
    case 'prefault':
      return fieldsOf(inner, names, written(def['defaultValue'], inner))
    case 'pipe':
      return fieldsOf(def['in'] as z.core.$ZodType, names, fallback)
    case 'union': {
      const each = (def['options'] as z.core.$ZodType[]).map((option) => fieldsOf(option, names))
      const held = each.flat().filter((field) => field.names.length > names.length)
      return held.length === 0 ? [{ names, fallback }] : [...new Map(held.map((field) => [field.names.join('.'), field])).values()]
    }
    default:
      return [{ names, fallback }]
  }
}

/** Spans are parsed into milliseconds; a schema that takes a text where its default is a number takes one. */
function written(value: unknown, schema: z.core.$ZodType): string | undefined {
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0 && !Array.isArray(value)) return undefined
  const isSpan = typeof value === 'number' && !['number', 'int'].includes(schema._zod.def.type)
  return isSpan ? span(value).replace(' ', '') : JSON.stringify(value)
}

const files = new Map<string, string>()

function commentOn(names: readonly string[]): string | undefined {
  const name = names.at(-1)!
  const pattern = new RegExp(String.raw`^ */\*\*((?:(?!\*/)[\s\S])*)\*/\s*${name}:`, 'm')
  for (const file of modulesOf(names)) {
    if (!files.has(file)) files.set(file, readFileSync(file, 'utf8'))
    const [, comment] = pattern.exec(files.get(file)!) ?? []
    if (comment !== undefined) return comment.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim()
  }
  return undefined
}

function modulesOf([first = '', second = '']: readonly string[]): string[] {
  const own = first === 'services' ? `{gateway/services/${second}/settings,policies/limits/token-bucket}` : undefined
  const place = own ?? (Object.hasOwn(places, first) ? places[first] : undefined) ?? 'policies/settings'
  const root = dirname(dirname(import.meta.dirname))
  return globSync(place + extname(import.meta.filename), { cwd: root })
    .toSorted()
    .map((path) => join(root, path))
}
