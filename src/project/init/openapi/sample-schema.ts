// A plausible value of a schema: what its author gave as an example, else the plainest value that it allows. The same schema, the same value.
import * as z from 'zod'
import { followed } from './refs.ts'

export interface SampleOptions {
  /** A request has nothing that only the service sets; an answer nothing that only a client sets. */
  use: 'request' | 'reply'
  /** Only what is required; else all properties. */
  sparse?: boolean
}

const schemaShape = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional().catch(undefined),
  allOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  examples: z.array(z.unknown()).optional().catch(undefined),
  prefixItems: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minItems: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional().catch(undefined),
  multipleOf: z.number().positive().optional(),
})
type Schema = z.output<typeof schemaShape>

/** `name` is what a text is called of which nothing is known. */
export function sampleSchema(document: object, schema: unknown, name: string, options: SampleOptions): unknown {
  return createSampler(document, options)(schema, name, [])
}

/** How deep a sample goes: below, what is required will do. */
const DEPTH = 6
/** Members of a list, however many the schema asks for. */
const MOST_ITEMS = 5
/** A schema that holds itself has no end: there the value is left out where it can be. */
const ENDLESS = Symbol('endless')

/** `required` names what its siblings in an `allOf` require of it. */
type Sample = (schema: unknown, name: string, within: readonly unknown[], required?: readonly string[]) => unknown

function createSampler(document: object, { use, sparse = false }: SampleOptions): Sample {
  const isUnwanted = (value: unknown): boolean => {
    const marks = followed(document, value) as { readOnly?: unknown; writeOnly?: unknown } | null | undefined
    return use === 'request' ? marks?.readOnly === true : marks?.writeOnly === true
  }

  const sample: Sample = (written, name, within, demanded = []) => {
    const target = followed(document, written)
    if (within.includes(target)) return ENDLESS
    const { data: schema } = schemaShape.safeParse(target)
    if (!schema) return {}
    const own = given(schema)
    if (own !== undefined) return own
    const inside = [...within, target]
    const choice = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].find((option) => !isNull(followed(document, option)))
    const options = [...(schema.allOf ?? []), ...(choice === undefined ? [] : [choice])]
    const required = [...demanded, ...[schema, ...options].flatMap((part) => requiredBy(followed(document, part)))]
    const parts = options.map((part) => sample(part, name, inside, required))
    const whole =
      parts.length > 0 && typeOf(schema) !== 'object' && !schema.properties ? undefined : ofType({ ...schema, required }, name, inside)
    return merged([...parts, whole].filter((part) => part !== undefined && part !== ENDLESS))
  }

  const ofType = (schema: Schema, name: string, within: readonly unknown[]): unknown => {
    const type = typeOf(schema)
    if (type === 'object') return objectOf(schema, within)
    if (type === 'array') return listOf(schema, name, within)
    if (type === 'string') return textOf(schema, name)
    if (type === 'integer' || type === 'number') return numberOf(schema)
    return type === 'boolean' ? true : type === 'null' ? null : {}
  }

  const objectOf = ({ properties = {}, required = [], ...rest }: Schema, within: readonly unknown[]): unknown => {
    const onlyRequired = sparse || within.length > DEPTH
    const members = Object.entries(properties).flatMap(([key, property]): [string, unknown][] => {
      const isRequired = required.includes(key)
      if ((onlyRequired && !isRequired) || isUnwanted(property)) return []
      const value = sample(property, key, within)
      if (value !== ENDLESS) return [[key, value]]
      return isRequired ? [[key, typeOf(followed(document, property)) === 'array' ? [] : {}]] : []
    })
    const { additionalProperties: others } = rest
    if (members.length > 0 || typeof others !== 'object' || others === null || onlyRequired) return Object.fromEntries(members)
    const value = sample(others, 'value', within)
    return value === ENDLESS ? {} : { key: value }
  }

  const listOf = ({ items, prefixItems, minItems = 1 }: Schema, name: string, within: readonly unknown[]): unknown => {
    const first = (prefixItems ?? []).map((item) => sample(item, name, within))
    if (first.length > 0) return first.filter((item) => item !== ENDLESS)
    const item = items === undefined ? ENDLESS : sample(items, name, within)
    return item === ENDLESS ? [] : Array.from({ length: Math.min(MOST_ITEMS, Math.max(1, minItems)) }, () => item)
  }

  return sample
}

function requiredBy(schema: unknown): string[] {
  return schemaShape.safeParse(schema).data?.required ?? []
}

/** What the author says that it is. */
function given(schema: Schema): unknown {
  return schema['const'] ?? schema['example'] ?? schema.examples?.[0] ?? schema['default'] ?? schema.enum?.find((value) => value !== null)
}

function typeOf(schema: unknown): string | undefined {
  const { type, properties, items, additionalProperties } = (schema ?? {}) as Record<string, unknown>
  const named = Array.isArray(type) ? type.find((one) => one !== 'null') : type
  if (typeof named === 'string') return named
  if (properties ?? additionalProperties) return 'object'
  return items === undefined ? undefined : 'array'
}

function isNull(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'null'
}

/** Objects together; of other values, the first. */
function merged(parts: readonly unknown[]): unknown {
  const objects = parts.filter((part): part is object => typeof part === 'object' && part !== null && !Array.isArray(part))
  if (parts.length === 0) return {}
  return objects.length === parts.length ? Object.fromEntries(objects.flatMap((part) => Object.entries(part))) : parts[0]
}

const formats = new Map([
  ['date-time', '2026-01-05T09:00:00Z'],
  ['date', '2026-01-05'],
  ['time', '09:00:00Z'],
  ['duration', 'PT5M'],
  ['email', 'ada@example.com'],
  ['uuid', '5f0c9a64-7d1e-4b8a-9c53-2e6f1d0b7a48'],
  ['uri', 'https://example.com/'],
  ['url', 'https://example.com/'],
  ['uri-reference', '/example'],
  ['hostname', 'example.com'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
  ['byte', 'Ynl0ZXM='],
  ['binary', 'bytes'],
])

/** A pattern is not looked at: whoever needs one writes it into the fake. */
function textOf({ format, minLength = 0, maxLength = Infinity }: Schema, name: string): string {
  const text = formats.get(format ?? '') ?? name
  return text.padEnd(minLength, text === '' ? 'x' : text).slice(0, maxLength)
}

function numberOf({ minimum, exclusiveMinimum, maximum = Infinity, multipleOf = 0 }: Schema): number {
  const least = minimum ?? (exclusiveMinimum === undefined ? Math.min(1, maximum) : exclusiveMinimum + 1)
  return multipleOf === 0 ? least : Math.ceil(least / multipleOf) * multipleOf
}
