// The first JSON value of a body, as Go's encoding/json reads it (scanner.go and decode.go of Go 1.26): duplicate keys are kept in
// their order, numbers keep their spelling, each invalid byte of UTF-8 and each lone surrogate becomes U+FFFD, and what follows the
// value is ignored. JSON.parse forgets all of these, and its stack is shorter than Go's.
import { isUtf8 } from 'node:buffer'

/** An object with all its members, duplicates too. */
export class JsonObject {
  readonly entries: [key: string, value: unknown][] = []
}

/** A number whose spelling matters: with a fraction or an exponent, or beyond the integers that a double holds. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What Go says of text that is no JSON. */
class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
}

const MAX_DEPTH = 10_000
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literals: readonly [text: string, value: unknown][] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

/** The text of a body. Go replaces byte by byte, where the Web's decoders replace whole sequences. */
export function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((size) => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)))
    text += length === undefined ? '\uFFFD' : bytes.toString('utf8', at, at + length)
    at += length ?? 1
  }
  return text
}

/** @throws JsonSyntaxError in Go's words */
export function parseFirst(text: string): unknown {
  let at = 0
  const open: { value: unknown[] | JsonObject; key: string }[] = []

  const blank = (): string | undefined => {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
    return text[at]
  }
  const fail = (where: string): never => {
    if (at >= text.length) throw new JsonSyntaxError(at === 0 || text.trim() === '' ? 'EOF' : 'unexpected EOF')
    throw new JsonSyntaxError(`invalid character ${JSON.stringify(text.charAt(at))} ${where}`)
  }
  const string = (): string => {
    const start = at
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text.charAt(at) < ' ') fail('in string literal')
      if (text[at] === '\\') at++
    }
    at++
    try {
      return (JSON.parse(text.slice(start, at)) as string).toWellFormed()
    } catch {
      throw new JsonSyntaxError('invalid character in string escape code')
    }
  }
  const key = (): string => {
    if (blank() !== '"') fail('looking for beginning of object key string')
    const name = string()
    if (blank() !== ':') fail('after object key')
    at++
    return name
  }
  const scalar = (): unknown => {
    if (text[at] === '"') return string()
    for (const [word, value] of literals)
      if (text.startsWith(word, at)) {
        at += word.length
        return value
      }
    number.lastIndex = at
    const [written] = number.exec(text) ?? []
    if (written === undefined) return fail('looking for beginning of value')
    at += written.length
    const value = Number(written)
    return /^-?\d+$/.test(written) && Number.isSafeInteger(value) ? value : new JsonNumber(written)
  }

  for (;;) {
    const first = blank()
    let value: unknown
    if (first === '{' || first === '[') {
      if (open.length >= MAX_DEPTH) throw new JsonSyntaxError('exceeded max depth')
      at++
      const container = first === '{' ? new JsonObject() : []
      if (blank() !== (first === '{' ? '}' : ']')) {
        open.push({ value: container, key: first === '{' ? key() : '' })
        continue
      }
      at++
      value = container
    } else value = scalar()

    // The value belongs to what is open; where it is the last one there, that ends too.
    for (;;) {
      const inside = open.at(-1)
      if (!inside) return value
      const isObject = inside.value instanceof JsonObject
      if (inside.value instanceof JsonObject) inside.value.entries.push([inside.key, value])
      else inside.value.push(value)
      const next = blank()
      if (next === ',') {
        at++
        if (isObject) inside.key = key()
        break
      }
      if (next !== (isObject ? '}' : ']')) fail(isObject ? 'after object key:value pair' : 'after array element')
      at++
      value = inside.value
      open.pop()
    }
  }
}

/** The value as JSON.parse would give it: of duplicates the last, numbers as doubles. */
export function plainValue(value: unknown): unknown {
  if (value instanceof JsonNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map(plainValue)
  if (value instanceof JsonObject) return Object.fromEntries(value.entries.map(([key, member]) => [key, plainValue(member)]))
  return value
}
