// From a request to the route that answers it.
import { hasAtTop } from '../body-has.ts'
import { compilePath } from '../compile-path.ts'
import type { Upstream, UpstreamRoute } from '../define.ts'

export interface Match {
  readonly route: UpstreamRoute
  /** Many requests share them. */
  readonly params: Readonly<Record<string, string>>
}

/** Finds a route by method, path and JSON body: the first that matches, in the order of definition. HEAD is answered as GET. */
export type Router = (method: string, path: string, body?: () => unknown) => Match | undefined

// A simulation opens the same fakes again and again.
const routers = new WeakMap<Upstream['routes'], Router>()

/** All that serve the same routes share one. */
export function router({ routes }: Pick<Upstream, 'routes'>): Router {
  let made = routers.get(routes)
  if (!made) routers.set(routes, (made = routerOf(routes)))
  return made
}

function routerOf(routes: Upstream['routes']): Router {
  const compiled = Object.values(routes).map((route) => ({ route, pattern: compilePath(route.path) }))
  // What a load asks for is asked for again and again.
  const known = new Map<string, readonly Match[]>()
  const matches = (method: string, path: string): readonly Match[] => {
    const wanted = method === 'HEAD' ? 'GET' : method
    return compiled.flatMap(({ route, pattern }) => {
      const groups = route.method === wanted ? pattern.exec(path) : null
      return groups ? [{ route, params: decoded(groups.groups ?? {}) }] : []
    })
  }
  return (method, path, body = () => undefined) => {
    const place = `${method} ${path}`
    let found = known.get(place)
    if (!found) {
      found = matches(method, path)
      if (known.size >= MOST_KNOWN) known.clear()
      if (place.length <= LONGEST_KNOWN) known.set(place, found)
    }
    return found.find(({ route }) => !route.bodyHas || hasAtTop(body(), route.bodyHas))
  }
}

const MOST_KNOWN = 1000
const LONGEST_KNOWN = 500

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
