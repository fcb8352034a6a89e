// A fake asks its routes in their order: one whose names would take the path of another must come after it.
import { compilePath } from '../../../upstreams/compile-path.ts'
import type { RouteSketch } from '../fakes/fake-sketch.ts'

export interface Ordered {
  routes: RouteSketch[]
  /** Routes that no request could reach: another has the same method and pattern. */
  unreachable: RouteSketch[]
}

/** The order of the description, but for a route that one before it would hide: it moves before that one. */
export function orderRoutes(sketched: readonly RouteSketch[]): Ordered {
  const routes: RouteSketch[] = []
  const unreachable: RouteSketch[] = []
  for (const route of sketched) {
    const rivals = routes.filter(({ method }) => method === route.method)
    if (rivals.some((rival) => shape(rival) === shape(route))) {
      unreachable.push(route)
      continue
    }
    const hiding = rivals.find((rival) => hides(rival, route) && !hides(route, rival))
    routes.splice(hiding ? routes.indexOf(hiding) : routes.length, 0, route)
  }
  return { routes: routes.map((route, at) => withOwnSample(route, routes.slice(0, at))), unreachable }
}

/** An example such as `latest` may be the path of a route that comes first. */
function withOwnSample(route: RouteSketch, before: readonly RouteSketch[]): RouteSketch {
  const [path = '', query] = (route.samples.path ?? '').split(/(?=\?)/)
  const isTaken = before.some((rival) => rival.method === route.method && compilePath(rival.path).test(path))
  if (!isTaken) return route
  return { ...route, samples: { ...route.samples, path: route.path.replaceAll(/\{(\w+)\}/g, '$1-1') + (query ?? '') } }
}

/** Whether the pattern of `first` matches the path of `second` with its names as values. */
function hides(first: RouteSketch, second: RouteSketch): boolean {
  return compilePath(first.path).test(second.path.replaceAll(/[{}]/g, ''))
}

function shape({ path }: RouteSketch): string {
  return path.replaceAll(/\{\w+\}/g, '{}')
}
