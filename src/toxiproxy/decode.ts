// Request bodies as Go's encoding/json reads them. The first JSON value counts. Keys match in any letter case. `null` leaves a field
// as it was. Unknown fields are ignored. Integers are 64-bit integers.
import { apiErrors } from './api/api-error.ts'

/** One field of a body or of a toxic's attributes. */
export interface Field<T> {
  /** The value of a field that the body does not set. */
  zero: T
  /** @throws ApiError 400 for a value of another type */
  read(value: unknown, name: string): T
}

export type Fields<T> = { readonly [Key in keyof T]: Field<T[Key]> }

/** A field that a sender may leave out: its zero value is a sensible choice. On the wire every field may be absent. */
export interface OptionalField<T> extends Field<T> {
  readonly optional: true
}

export function optional<T>(field: Field<T>): OptionalField<T> {
  return { ...field, optional: true }
}

export const text: Field<string> = {
  zero: '',
  read: (value, name) => (typeof value === 'string' ? value.toWellFormed() : wrongType(value, name, 'string')),
}

export const flag: Field<boolean> = {
  zero: false,
  read: (value, name) => (typeof value === 'boolean' ? value : wrongType(value, name, 'bool')),
}

// 2^63 itself is no int64, but the nearest smaller double is.
const INT64 = 2 ** 63

export const integer: Field<number> = {
  zero: 0,
  read: (value, name) => (Number.isInteger(value) && inInt64(value as number) ? (value as number) : wrongType(value, name, 'int64')),
}

const inInt64 = (value: number): boolean => value >= -INT64 && value < INT64

/** A 32-bit float, printed as Go prints it: 0.123456789 becomes 0.12345679. */
export const float: Field<number> = {
  zero: 0,
  read(value, name) {
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) return wrongType(value, name, 'float32')
    const single = Math.fround(value)
    for (let digits = 6; digits <= 9; digits++) {
      const shortest = Number(single.toPrecision(digits))
      if (Math.fround(shortest) === single) return shortest
    }
    return single
  },
}

/** A share, clamped to 0–1. */
export const ratio: Field<number> = {
  zero: 0,
  read: (value, name) => (typeof value === 'number' ? Math.min(Math.max(value, 0), 1) : wrongType(value, name, 'float64')),
}

/** One of some words, the first unless given. */
export function oneOf<Word extends string>(...words: [Word, ...Word[]]): Field<Word> {
  return {
    zero: words[0],
    read(value, name) {
      const word = words.find((candidate) => candidate === value)
      if (word === undefined) throw apiErrors.badBody(`${name} must be one of ${words.join(', ')}`)
      return word
    },
  }
}

/** The first JSON value of a request body. */
export function parseBody(body: string): unknown {
  const start = body.search(/[^\s]/)
  if (start < 0) throw apiErrors.badBody('EOF')
  const end = endOfValue(body, start)
  if (end === undefined) throw apiErrors.badBody('unexpected EOF')
  try {
    return JSON.parse(body.slice(start, end)) as unknown
  } catch (error) {
    throw apiErrors.badBody((error as Error).message)
  }
}

/** Reads the `fields` of `input`. A field that is absent or null stays as it is in `before`. */
export function readFields<T extends object>(input: unknown, fields: Fields<T>, before: T, path = ''): T {
  const given = objectOf(input, path)
  const result = { ...before }
  for (const [key, value] of Object.entries(given)) {
    const name = (Object.keys(fields) as (keyof T & string)[]).find((field) => field.toLowerCase() === key.toLowerCase())
    if (name !== undefined && value !== null) result[name] = fields[name].read(value, path ? `${path}.${name}` : name)
  }
  return result
}

/** The value under `name` in any letter case. The last of several counts. Undefined when absent or null. */
export function member(input: unknown, name: string): unknown {
  let found: unknown
  for (const [key, value] of Object.entries(objectOf(input, ''))) if (key.toLowerCase() === name) found = value ?? found
  return found
}

/** All fields at their zero values. */
export function zeros<T extends object>(fields: Fields<T>): T {
  // Object.fromEntries cannot carry the relation between a key and its type.
  return Object.fromEntries(Object.entries<Field<unknown>>(fields).map(([name, field]) => [name, field.zero])) as T
}

/** `null` stands for an object without fields, as in Go. */
function objectOf(input: unknown, path: string): Record<string, unknown> {
  if (input === null || input === undefined) return {}
  if (typeof input !== 'object' || Array.isArray(input)) return wrongType(input, path, 'object')
  return input as Record<string, unknown>
}

export function wrongType(value: unknown, name: string, wanted: string): never {
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  throw apiErrors.badBody(`json: cannot unmarshal ${kind}${name && ` into field ${name}`} of type ${wanted}`)
}

/** Where the value that starts at `start` ends. Undefined when the text ends before the value does. */
function endOfValue(body: string, start: number): number | undefined {
  const first = body[start]!
  if (first !== '{' && first !== '[' && first !== '"') return start + body.slice(start).search(/[\s,\]}]|$/)
  let depth = 0
  let quoted = false
  for (let at = start; at < body.length; at++) {
    const char = body[at]
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') depth++
    else if (char === '}' || char === ']') depth--
    if (depth === 0 && !quoted) return at + 1
  }
  return undefined
}
