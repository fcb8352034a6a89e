// From a request to the route that answers it.
import { hasAtTop } from '../body-has.ts'
import { compilePath } from '../compile-path.ts'
import type { Upstream, UpstreamRoute } from '../define.ts'

export interface Match {
  route: UpstreamRoute
  params: Record<string, string>
}

/** Finds a route by method, path and JSON body: the first that matches, in the order of definition. HEAD is answered as GET. */
export function router(upstream: Upstream): (method: string, path: string, body?: () => unknown) => Match | undefined {
  const compiled = Object.values(upstream.routes).map((route) => ({ route, pattern: compilePath(route.path) }))
  return (method, path, body = () => undefined) => {
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const { route, pattern } of compiled) {
      const groups = route.method === wanted ? pattern.exec(path) : null
      if (groups && (!route.bodyHas || hasAtTop(body(), route.bodyHas))) return { route, params: decoded(groups.groups ?? {}) }
    }
    return undefined
  }
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
