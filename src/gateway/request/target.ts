// What a request's target says: the upstream that its first segment names, and whether the rest stays below the upstream's base path.
//
//   /gemini/v1/models?x=1 ─▶ gemini + /v1/models?x=1

/** The name in the first segment; undefined when it cannot be decoded. */
export function firstSegment(url: string): string | undefined {
  const start = pathStart(url) + 1
  const segment = url.slice(start, segmentEnd(url, start))
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** `/gemini/v1/models?x=1` → `/v1/models?x=1`, byte for byte. */
export function belowFirstSegment(url: string): string {
  const rest = url.slice(segmentEnd(url, pathStart(url) + 1))
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** `/v1/models?x=1` → `/v1/models`: what settings call a route, and what a change is about. */
export function withoutQuery(path: string): string {
  const query = path.indexOf('?')
  return query < 0 ? path : path.slice(0, query)
}

/** From its path on: clients that take us for a forward proxy send the whole URL (RFC 9112 §3.2.2). */
export function originForm(url: string): string {
  const path = url.slice(pathStart(url))
  return path.startsWith('/') ? path : `/${path}`
}

/**
 * Whether some upstream would take `path` for one above its beginning. Servers differ in what they decode, collapse and cut off, so the
 * worst reading counts: `%2e` is a dot, `%2f` and `\` are slashes, `;` ends a name, and empty segments and `.` are not there.
 */
export function leavesBase(path: string): boolean {
  if (!path.includes('.') && !path.includes('%2')) return false
  const plain = withoutQuery(path)
    .replaceAll(/%2e/gi, '.')
    .replaceAll(/%2f|%5c|\\/gi, '/')
    .replaceAll(/%3b/gi, ';')
  let depth = 0
  for (const segment of plain.split('/')) {
    const name = segment.split(';', 1)[0]!
    if (name === '..' && --depth < 0) return true
    if (name !== '..' && name !== '.' && name !== '') depth++
  }
  return false
}

function pathStart(url: string): number {
  if (url.startsWith('/')) return 0
  const authority = url.indexOf('//') + 2
  const end = url.slice(authority).search(/[/?]/)
  return end < 0 ? url.length : authority + end
}

function segmentEnd(url: string, start: number): number {
  for (let at = start; at < url.length; at++) if (url[at] === '/' || url[at] === '?') return at
  return url.length
}
