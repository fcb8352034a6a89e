// Puts the client's fields into a step's path and body: `/snapshot/{project_id}` → `/snapshot/novel-1`.
import type * as z from 'zod'

type Json = z.core.util.JSONType

/** By name: texts and numbers. */
export type Fields = ReadonlyMap<string, string | number>

const PLACEHOLDER = /\{([a-z_]\w*)\}/g

/** A value that is a placeholder alone keeps its type. @throws MissingField */
export function filledBody(body: Json, fields: Fields): Json {
  if (typeof body === 'string') {
    const [, alone] = /^\{([a-z_]\w*)\}$/.exec(body) ?? []
    return alone === undefined ? filled(body, fields, String) : fieldOf(fields, alone)
  }
  if (Array.isArray(body)) return body.map((each) => filledBody(each, fields))
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, filledBody(value, fields)]))
}

/** What is put in is one segment, or one value of the query, whatever is in it. @throws MissingField */
export function filledPath(path: string, fields: Fields): string {
  return filled(path, fields, (value) => {
    const text = encodeURIComponent(value)
    // These would be steps in the path.
    return text === '.' || text === '..' ? text.replaceAll('.', '%2E') : text
  })
}

export class MissingField extends Error {
  constructor(field: string) {
    super(`${field} is required: a text or a number`)
  }
}

function filled(text: string, fields: Fields, written: (value: string | number) => string): string {
  return text.replaceAll(PLACEHOLDER, (_all, name: string) => written(fieldOf(fields, name)))
}

function fieldOf(fields: Fields, name: string): string | number {
  const value = fields.get(name)
  if (value === undefined) throw new MissingField(name)
  return value
}
