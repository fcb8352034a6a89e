// A request's body as its content type says: JSON, a form, or a form in parts. A text of any other type goes out as it is.

/** Headers as they are written, in any case. */
type Headers = Readonly<Record<string, string>>

/** Between the parts of a form whose content type names no boundary of its own. */
const BOUNDARY = 'gatecrash-part'

/**
 * The content type of a route's bodies: its own, else JSON's. A form in parts of which bodies are written as data names its boundary.
 * Undefined where the route has no bodies.
 */
export function contentType(headers: Headers, bodies: readonly unknown[]): string | undefined {
  if (bodies.length === 0) return undefined
  const own = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'application/json'
  const isInParts = isMultipart(own) && boundaryOf(own) === undefined && bodies.some((body) => typeof body !== 'string')
  return isInParts ? `${own}; boundary=${BOUNDARY}` : own
}

/** The text that is sent. Undefined where `body` cannot be written as a body of `type`. */
export function requestBody(type: string, body: unknown): string | undefined {
  if (isJson(type)) return JSON.stringify(body)
  if (typeof body === 'string') return body
  const pairs = fields(body)
  if (pairs && bare(type) === 'application/x-www-form-urlencoded') return new URLSearchParams(pairs).toString()
  return pairs && isMultipart(type) ? parts(pairs, boundaryOf(type) ?? BOUNDARY) : undefined
}

/** A list is a field that is sent several times, as forms send it. */
function fields(body: unknown): [string, string][] | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  return Object.entries(body).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, asText(one)]))
}

function parts(pairs: readonly [string, string][], boundary: string): string {
  const written = pairs.map(
    ([name, text]) => `--${boundary}\r\ncontent-disposition: form-data; name="${encodeURIComponent(name)}"\r\n\r\n${text}\r\n`,
  )
  return `${written.join('')}--${boundary}--\r\n`
}

function isJson(type: string): boolean {
  return /[/+](?:x-)?json$/.test(bare(type))
}

function isMultipart(type: string): boolean {
  return bare(type).startsWith('multipart/')
}

function boundaryOf(type: string): string | undefined {
  return /;\s*boundary="?([^";]+)"?/i.exec(type)?.[1]
}

function bare(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase()
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}
