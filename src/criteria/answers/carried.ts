// What an answer may have to carry: a header, with a value or with any, or JSON of a shape. The load looks at each answer as it ends, and
// keeps no more of it than whether it carries what was asked.
import type { IncomingHttpHeaders } from 'node:http'
import * as z from 'zod'
import { bodyChecksum } from '../../contract/body-checksum.ts'

/**
 * The shape of a JSON value: the name of its type, a list of one shape for all elements, or an object of shapes by name, where a name
 * such as `retryAfter?` need not be there. Further names may be.
 */
export type JsonShape = 'string' | 'number' | 'boolean' | 'null' | 'any' | [JsonShape] | { [name: string]: JsonShape }

export const jsonShape: z.ZodType<JsonShape> = z.lazy(() =>
  z.union([z.enum(['string', 'number', 'boolean', 'null', 'any']), z.tuple([jsonShape]), z.record(z.string(), jsonShape)], {
    error: 'must be "string", "number", "boolean", "null", "any", a list of one shape, or an object of shapes',
  }),
)

/** As a criterion says it. */
export interface Carried {
  /** In lower case. */
  header?: string
  /** The header's whole value; absent: any. */
  value?: string
  json?: JsonShape
}

/** What the load is to look for in the answers of routes that reach `upstream`. */
export interface CarriedAsk extends Carried {
  key: string
  upstream: string
}

/** The name under which the load tells of it: equal for equal demands. */
export function carriedKey({ header, value, json }: Carried): string {
  return bodyChecksum(JSON.stringify([header, value, json]))
}

/** `json` is undefined where the body is no JSON, or too long to be looked at. */
export function carries({ header, value, json: shape }: Carried, headers: IncomingHttpHeaders, json: unknown): boolean {
  if (header !== undefined) {
    const given = Object.hasOwn(headers, header) ? headers[header] : undefined
    const all = given === undefined ? [] : [given].flat()
    if (value === undefined ? all.length === 0 : !all.includes(value)) return false
  }
  return shape === undefined || conforms(json, shape)
}

function conforms(value: unknown, shape: JsonShape): boolean {
  if (value === undefined) return false
  if (shape === 'any') return true
  if (shape === 'null') return value === null
  if (typeof shape === 'string') return typeof value === shape
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((each) => conforms(each, shape[0]))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(shape).every(([written, of]) => {
    const name = written.replace(/\?$/, '')
    if (!Object.hasOwn(value, name)) return written.endsWith('?')
    return conforms((value as Record<string, unknown>)[name], of)
  })
}
