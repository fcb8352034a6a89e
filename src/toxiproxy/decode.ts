// Request bodies as Go's encoding/json reads them. The first JSON value counts. Keys match in any letter case. `null` leaves a field
// as it was. Unknown fields are ignored. Integers are 64-bit integers.
import { apiErrors } from './api/api-error.ts'
import { JsonNumber, JsonObject, parseFirst } from './go-json.ts'

/** One field of a body. */
export interface Field<T> {
  /** The value of a field that the body does not set. */
  zero: T
  /** @throws ApiError 400 for a value of another type */
  read(value: unknown, name: string): T
}

export type Fields<T> = { readonly [Key in keyof T]: Field<T[Key]> }

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

export const integer: Field<number> & { readonly bits: 64 } = {
  bits: 64,
  zero: 0,
  read(value, name) {
    // Go parses an integer from its digits alone: 1.0 and 1e3 are none.
    if (value instanceof JsonNumber)
      return /^-?\d+$/.test(value.text) && BigInt.asIntN(64, BigInt(value.text)) === BigInt(value.text)
        ? Number(value.text)
        : wrongType(value, name, 'int64')
    return Number.isInteger(value) && inInt64(value as number) ? (value as number) : wrongType(value, name, 'int64')
  },
}

const inInt64 = (value: number): boolean => value >= -INT64 && value < INT64

/** A 32-bit float, printed as Go prints it: 0.123456789 becomes 0.12345679. */
export const float: Field<number> = {
  zero: 0,
  read(given, name) {
    const value = numberOf(given)
    if (value === undefined || !Number.isFinite(Math.fround(value))) return wrongType(given, name, 'float32')
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
  read(given, name) {
    const value = numberOf(given)
    return value === undefined ? wrongType(given, name, 'float64') : Math.min(Math.max(value, 0), 1)
  },
}

function numberOf(value: unknown): number | undefined {
  if (value instanceof JsonNumber) return Number(value.text)
  return typeof value === 'number' ? value : undefined
}

/** One of some words, the first unless given. */
export function oneOf(words: readonly [string, ...string[]]): Field<string> {
  return {
    zero: words[0],
    read(value, name) {
      const word = words.find((candidate) => candidate === value)
      if (word === undefined) throw apiErrors.badBody(`${name} must be one of ${words.join(', ')}`)
      return word
    },
  }
}

/** The first JSON value of a request body. @throws ApiError 400 */
export function parseBody(body: string): unknown {
  try {
    return parseFirst(body)
  } catch (error) {
    throw apiErrors.badBody((error as Error).message)
  }
}

/** Reads the `fields` of `input`. A field that is absent or null stays as it is in `before`. */
export function readFields<T extends object>(input: unknown, fields: Fields<T>, before: T, path = ''): T {
  const result = { ...before }
  for (const [key, value] of membersOf(input, path)) {
    const name = (Object.keys(fields) as (keyof T & string)[]).find((field) => folded(field) === folded(key))
    if (name !== undefined && value !== null) result[name] = fields[name].read(value, path ? `${path}.${name}` : name)
  }
  return result
}

/** The values under `name` in any letter case, without null, in the order of the body: Go reads each over the one before. */
export function valuesOf(input: unknown, name: string): unknown[] {
  return membersOf(input, '').flatMap(([key, value]) => (folded(key) === name && value !== null && value !== undefined ? [value] : []))
}

const isInteger = (field: Field<unknown>): boolean => 'bits' in field && field.bits === 64

/** The spelling of integers that a double cannot hold, by field. Toxics work with the nearest double; Go shows all digits. */
export function longIntegers<T extends object>(input: unknown, fields: Fields<T>): [name: string, digits: string][] {
  return Object.entries<Field<unknown>>(fields).flatMap(([name, field]) => {
    const value = valuesOf(input, folded(name)).at(-1)
    return isInteger(field) && value instanceof JsonNumber ? [[name, value.text] as [string, string]] : []
  })
}

/** Two letters beside its capital are an s or a k for Go: ſ and the sign of Kelvin. */
function folded(key: string): string {
  return key.replaceAll('ſ', 's').toLowerCase()
}

/** All fields at their zero values. */
export function zeros<T extends object>(fields: Fields<T>): T {
  // Object.fromEntries cannot carry the relation between a key and its type.
  return Object.fromEntries(Object.entries<Field<unknown>>(fields).map(([name, field]) => [name, field.zero])) as T
}

/** `null` stands for an object without fields, as in Go. */
function membersOf(input: unknown, path: string): [key: string, value: unknown][] {
  if (input === null || input === undefined) return []
  if (input instanceof JsonObject) return input.entries
  if (typeof input !== 'object' || Array.isArray(input) || input instanceof JsonNumber) return wrongType(input, path, 'object')
  return Object.entries(input)
}

export function wrongType(value: unknown, name: string, wanted: string): never {
  const kind = Array.isArray(value) ? 'array' : value instanceof JsonNumber ? 'number' : typeof value === 'boolean' ? 'bool' : typeof value
  throw apiErrors.badBody(`json: cannot unmarshal ${kind}${name && ` into field ${name}`} of type ${wanted}`)
}
