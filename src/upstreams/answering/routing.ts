// From a request to the route that answers it.
import type { Upstream, UpstreamRoute } from '../define.ts'

export interface Match {
  route: UpstreamRoute
  params: Record<string, string>
}

/** Finds routes by method and path; the first that matches, in the order defined. HEAD is answered as GET. */
export function router(upstream: Upstream): (method: string, path: string) => Match | undefined {
  const compiled = Object.values(upstream.routes).map((route) => ({ route, pattern: compile(route.path) }))
  return (method, path) => {
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const { route, pattern } of compiled) {
      const groups = route.method === wanted ? pattern.exec(path) : null
      if (groups) return { route, params: decoded(groups.groups ?? {}) }
    }
    return undefined
  }
}

/** `/models/{model}:count` → /^\/models\/(?<model>[^/]+?):count\/?$/ */
function compile(path: string): RegExp {
  const parts = path.split(/\{(\w+)\}/)
  const source = parts.map((part, at) => (at % 2 === 1 ? `(?<${part}>[^/]+?)` : RegExp.escape(part)))
  return new RegExp(`^${source.join('')}/?$`)
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decode(text)]))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
