// The settings of the reference gateway for the reference page: paths and defaults from the schemas, sentences from the comments above
// their fields.
import { globSync, readFileSync } from 'node:fs'
import type * as z from 'zod'
import { server } from '../src/gateway/config.ts'
import { span } from '../src/kernel/wording.ts'
import { upstreamPolicies } from '../src/policies/settings.ts'
import { table } from '../src/report/markdown/markdown-text.ts'

export interface Setting {
  /** `<upstream>.breaker.failures` */
  path: string
  /** As it is written; undefined where there is none. */
  fallback: string | undefined
  /** The comment above its field; undefined where there is none. */
  says: string | undefined
}

/** Where the fields of the first name of a path stand; of a policy that is not named here, in settings.ts. */
const places: Record<string, string> = {
  timeout: 'src/policies/timeout.ts',
  breaker: 'src/policies/breaker/settings.ts',
  retry: 'src/policies/retry/{settings,budget/*}.ts',
  bulkhead: 'src/policies/limits/{bulkhead,adaptive/*}.ts',
  rateLimit: 'src/policies/limits/*.ts',
  hedge: 'src/policies/hedging/settings.ts',
  fallback: 'src/policies/fallback/settings.ts',
  server: 'src/{gateway/config,policies/limits/token-bucket}.ts',
}

export function settings(): Setting[] {
  return [...fieldsOf(upstreamPolicies, []), ...fieldsOf(server, ['server'])].map(({ names, fallback }) => ({
    path: names[0] === 'server' ? names.join('.') : `<upstream>.${names.join('.')}`,
    fallback,
    says: commentOn(names),
  }))
}

export function settingsSection(): string {
  const rows = settings().map(({ path, fallback = '', says = '' }) => [`\`${path}\``, fallback, says.replaceAll('|', String.raw`\|`)])
  return `## Settings of the reference gateway\n\n${OPENING}\n\n${table([{ name: 'setting' }, { name: 'default' }, { name: 'is' }], rows)}\n`
}

const OPENING = `As \`reference({ … })\`, \`--set\` and \`--expect\` take them. A policy that is not named is switched off, but for the timeouts.`

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
  return `\`${isSpan ? span(value).replace(' ', '') : JSON.stringify(value)}\``
}

const files = new Map<string, string>()

function commentOn(names: readonly string[]): string | undefined {
  const name = names.at(-1)!
  const pattern = new RegExp(String.raw`^ */\*\*((?:(?!\*/)[\s\S])*)\*/\s*${name}:`, 'm')
  for (const file of globSync(places[names[0]!] ?? 'src/policies/settings.ts').toSorted()) {
    if (!files.has(file)) files.set(file, readFileSync(file, 'utf8'))
    const [, comment] = pattern.exec(files.get(file)!) ?? []
    if (comment !== undefined) return comment.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim()
  }
  return undefined
}
