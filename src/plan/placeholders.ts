// What a gateway's settings, and the headers of requests, name before anybody knows it: `{PORT}`, `{upstreams.orders.url}`.
//
// Other braces are not ours: `${PORT}` is the shell's or nginx's, `%{…}` Apache's, `#{…}` Ruby's, `{{…}}` a template engine's, and
// `{id}` a route's. So ours are known by their names: in capitals, or below `upstreams` or `files`. What comes near to that is a mistake.
import { distance } from 'fastest-levenshtein'

/** Values by placeholder, without its braces. */
export type PlaceholderValues = ReadonlyMap<string, string>

const PORT_PLACEHOLDER = 'PORT'
const GROUPS = ['upstreams', 'files']

/** Those that are known for a gateway with these upstreams, and with files made from templates. */
export function placeholderNames(upstreams: readonly string[], files: readonly string[] = []): string[] {
  const ofUpstreams = upstreams.flatMap((name) => ['url', 'host', 'port'].map((part) => `upstreams.${name}.${part}`))
  return [PORT_PLACEHOLDER, ...ofUpstreams, ...files.map((name) => `files.${name}`)]
}

/** `upstreams` holds base URLs, `files` paths. */
export function placeholderValues(
  port: number,
  upstreams: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): PlaceholderValues {
  const ofUpstreams = Object.entries(upstreams).flatMap(([name, url]): [string, string][] => {
    const { hostname, port: at } = new URL(url)
    const parts = { url, host: hostname, port: at }
    return Object.entries(parts).map(([part, value]) => [`upstreams.${name}.${part}`, value])
  })
  const ofFiles = Object.entries(files).map(([name, path]): [string, string] => [`files.${name}`, path])
  return new Map([[PORT_PLACEHOLDER, String(port)], ...ofUpstreams, ...ofFiles])
}

/** One sentence for each placeholder in `text` that nobody knows. */
export function placeholderProblems(text: string, known: readonly string[]): string[] {
  const unknown = new Set(Array.from(text.matchAll(braces), ([, name = '']) => name).filter((name) => isMeant(name, known)))
  return [...unknown]
    .filter((name) => !known.includes(name))
    .map((name) => `unknown placeholder {${name}}; known: ${known.map((each) => `{${each}}`).join(', ')}`)
}

/** `text` with the value of each placeholder in its place. */
export function filled(text: string, values: PlaceholderValues): string {
  return text.replaceAll(braces, (whole, name: string) => values.get(name) ?? whole)
}

/** The same for a shell: a value that is not one word there is quoted, unless the placeholder stands in quotes. */
export function filledForShell(text: string, values: PlaceholderValues): string {
  return text.replaceAll(braces, (whole, name: string, at: number) => {
    const value = values.get(name) ?? whole
    const isQuoted = /["']/.test(text[at - 1] ?? '')
    return isQuoted || /^[\w./:=@%+,-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
  })
}

const braces = /(?<![$%#{])\{([a-z][\w./-]*)\}(?!\})/gi

function isMeant(name: string, known: readonly string[]): boolean {
  if (known.includes(name) || /^[A-Z][A-Z0-9_]*$/.test(name) || name.toUpperCase() === PORT_PLACEHOLDER) return true
  const [head = '', ...rest] = name.split('.')
  if (GROUPS.some((group) => distance(head.toLowerCase(), group) <= 1)) return true
  // `{orders.url}`, where it must be `{upstreams.orders.url}`.
  return rest.length > 0 && known.some((each) => each.startsWith(`upstreams.${head}.`))
}
