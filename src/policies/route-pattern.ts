// How settings name routes of an upstream: a path below its base URL, with a method in front where that matters.
//
//   'POST /v1/models/*:generate'    `*`: any text within one segment; `**`: any text, slashes included
import * as z from 'zod'

/** A path such as `/v1/events`, or with its method: `GET /v1/events`. */
export const routePattern = z
  .string()
  .regex(/^([A-Z][A-Z0-9-]* )?\/[^\s?#]*$/, 'must be a path such as "/v1/events", or one with its method: "GET /v1/events"')

/** A route with its method. */
export const routeWithMethod = routePattern.refine((route) => methodOf(route) !== '', 'needs its method, such as "POST /v1/generate"')

/** Whether a request is on one of the routes. `path`: without the query. */
export type RouteTest = (method: string, path: string) => boolean

const NOWHERE: RouteTest = () => false

export function routeTest(routes: readonly string[]): RouteTest {
  if (routes.length === 0) return NOWHERE
  const tests = routes.map((route) => ({ method: methodOf(route), path: pathTest(route.slice(route.indexOf('/'))) }))
  return (method, path) => tests.some((test) => (test.method === '' || test.method === method) && test.path.test(path))
}

function methodOf(route: string): string {
  return route.slice(0, Math.max(0, route.indexOf(' ')))
}

function pathTest(path: string): RegExp {
  const source = path.replace(/\*+|[\\^$.|?+()[\]{}]/g, (found) => (found === '*' ? '[^/]*' : found.startsWith('*') ? '.*' : `\\${found}`))
  return new RegExp(`^${source}$`, 's')
}
