// A fake from a description: a route for each operation, as its service would answer.
import { basename } from 'node:path'
import { GatecrashError, type Problem } from '../../../kernel/errors.ts'
import { check } from '../../../kernel/validation.ts'
import type { BodySketch, FakeSketch, RouteSketch } from '../fakes/fake-sketch.ts'
import { bodyOf } from './bodies.ts'
import { type Document, type Operation, type PathItem, operationSchema, pathItemSchema, responseSchema } from './document.ts'
import { basePath, templatePath } from './paths.ts'
import { readDescription } from './read-description.ts'
import { followed } from './refs.ts'
import { routeNamer } from './route-names.ts'
import { orderRoutes } from './route-order.ts'
import { sketchRoute } from './sketch-route.ts'

export interface Sketched {
  fake: FakeSketch
  /** Operations that the fake does not have, each with its reason. */
  leftOut: string[]
}

/** @throws GatecrashError `invalid_config` when the file is no description, or describes no operation */
export async function sketchFake(name: string, file: string): Promise<Sketched> {
  return sketchDocument(name, basename(file), await readDescription(file))
}

/** `source` is what people call the description, such as its file's name. */
export function sketchDocument(name: string, source: string, document: Document): Sketched {
  const { operations, leftOut } = readOperations(document)
  const nameRoute = routeNamer()
  const sketched = operations.flatMap(({ path, method, place, operation }): RouteSketch[] => {
    const [server] = operation.servers ?? place.servers ?? document.servers ?? []
    const template = templatePath(basePath(server) + path)
    const parameters = [...(place.parameters ?? []), ...(operation.parameters ?? [])]
    const routeName = nameRoute(operation.operationId ?? undefined, method, path)
    try {
      return [sketchRoute(document, { name: routeName, method, template, operation, parameters })]
    } catch (cause) {
      // One schema that cannot be sampled keeps nobody from the other operations.
      leftOut.push(`${method} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
      return []
    }
  })
  const { routes, unreachable } = orderRoutes(sketched)
  leftOut.push(...unreachable.map(({ method, path }) => `${method} ${path}: another route has its pattern`))
  if (routes.length === 0) {
    const why = leftOut.length > 0 ? `:\n  ${leftOut.join('\n  ')}` : ''
    throw new GatecrashError('invalid_config', `${source} describes no operation that a fake could have${why}`)
  }
  const title = document.info?.title?.trim()
  const failure = failureOf(document, operations)
  return { fake: { name, about: title ? `${title} (${source})` : source, routes, ...(failure && { failure }) }, leftOut }
}

interface FoundOperation {
  path: string
  method: string
  place: PathItem
  operation: Operation
}

// A fake answers HEAD as GET, and its server knows no tunnels.
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options', 'trace', 'query']

function readOperations({ paths, ...document }: Document): { operations: FoundOperation[]; leftOut: string[] } {
  const operations: FoundOperation[] = []
  const leftOut: string[] = []
  for (const [path, item] of Object.entries(paths)) {
    const problems: Problem[] = []
    const place = check(pathItemSchema, followed({ paths, ...document }, item), '', problems)
    for (const verb of METHODS.filter((known) => place?.[known] !== undefined && place[known] !== null)) {
      const method = verb.toUpperCase()
      const operation = check(operationSchema, place?.[verb], method, problems)
      if (place && operation) operations.push({ path, method, place, operation })
    }
    leftOut.push(...problems.map(({ path: at, message }) => `${path}: ${at} ${message}`))
  }
  return { operations, leftOut }
}

/** The body of the first failure of the service's own that is described as JSON. */
function failureOf(document: Document, operations: readonly FoundOperation[]): BodySketch | undefined {
  for (const code of ['503', '500', '502', '504', '5XX', 'default', '429'])
    for (const { operation } of operations) {
      const { content } = responseSchema.safeParse(followed(document, operation.responses?.[code])).data ?? {}
      const found = content && bodyOf(document, content, 'reply', 'failure')
      if (found?.kind === 'json' && found.body.list !== true && typeof found.body.value === 'object') return found.body
    }
  return undefined
}
