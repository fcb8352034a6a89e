// A value as source text, in the style of a formatter: single quotes, keys without quotes where they need none, one line where it fits.

const WIDTH = 120

/** Source text in the place of a value, such as a call. */
export class Code {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The text of what JSON can hold, with `Code` in it as it is. Lines after the first are indented by `indent`; the first begins in `column`. */
export function literal(value: unknown, indent = 0, column = indent): string {
  const flat = inOneLine(value)
  if (typeof value !== 'object' || value === null || value instanceof Code || column + flat.length <= WIDTH) return flat
  const inner = ' '.repeat(indent + 2)
  const members = Array.isArray(value)
    ? value.map((member) => literal(member, indent + 2))
    : Object.entries(value).map(([key, member]) => `${keyText(key)}: ${literal(member, indent + 2, indent + 4 + keyText(key).length)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return [open, ...members.map((member) => `${inner}${member},`), `${' '.repeat(indent)}${close}`].join('\n')
}

/** A text in single quotes, or in double ones where that spares escapes. */
export function quoted(text: string): string {
  const json = JSON.stringify(text)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
  if (text.includes("'") && !text.includes('"')) return json
  return `'${json
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`
}

function inOneLine(value: unknown): string {
  if (value instanceof Code) return value.text
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`
  const members = Object.entries(value).map(([key, member]) => `${keyText(key)}: ${inOneLine(member)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

function keyText(key: string): string {
  // Written plainly, it would set a prototype.
  if (key === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)
}
