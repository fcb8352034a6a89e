// One operation of a description as a route of a fake: what a client would ask, and what the service would answer.
import type { RouteSketch } from '../fakes/fake-sketch.ts'
import { bodyOf, exampleOf } from './bodies.ts'
import { type Document, type Operation, type Parameter, parameterSchema, responseSchema } from './document.ts'
import { type TemplatePath, filledPath } from './paths.ts'
import { followed } from './refs.ts'
import { sampleSchema } from './sample-schema.ts'

export interface FoundOperation {
  name: string
  method: string
  template: TemplatePath
  operation: Operation
  /** Of the operation and of its path. */
  parameters: readonly unknown[]
}

export function sketchRoute(document: Document, { name, method, template, operation, parameters: given }: FoundOperation): RouteSketch {
  const parameters = known(document, given)
  const value = (parameter: Parameter): string => sampleText(document, parameter)
  const inPath = new Map(parameters.filter(({ in: place }) => place === 'path').map((one) => [one.name, value(one)]))
  const query = new URLSearchParams(parameters.filter(isRequired('query')).map((one) => [one.name, value(one)])).toString()
  const path = filledPath(template, (written) => inPath.get(written) ?? `${written}-1`) + (query && `?${query}`)

  const request = responseSchema.safeParse(followed(document, operation.requestBody)).data?.content
  const body = request && method !== 'GET' ? bodyOf(document, request, 'request', `${name}Request`) : undefined
  const headers = parameters.filter(isRequired('header')).map((one) => [one.name.toLowerCase(), value(one)] as const)
  const about = operation.summary?.trim() ?? ''
  return {
    name,
    ...(about !== '' && { about }),
    method,
    path: template.path,
    samples: {
      ...(path !== template.path && { path }),
      ...(body && { body: body.body }),
      headers: Object.fromEntries([
        ...headers.filter(isSendable),
        ...(body && body.type !== 'application/json' ? [['content-type', body.type]] : []),
      ]),
    },
    reply: sketchReply(document, name, operation),
  }
}

function sketchReply(document: Document, name: string, { responses }: Operation): RouteSketch['reply'] {
  const { status, response } = success(responses ?? {})
  const content = responseSchema.safeParse(followed(document, response)).data?.content
  const found = content && status !== 204 && status !== 304 ? bodyOf(document, content, 'reply', `${name}Reply`) : undefined
  if (!found) return { status, headers: {} }
  const { kind, type, body } = found
  // What the fake sends as JSON gets its type from the server.
  const isPlainJson = type === 'application/json' && typeof body.value !== 'string'
  return { status, body, headers: isPlainJson ? {} : { 'content-type': type }, ...(kind === 'events' && { streamed: true }) }
}

/** The answer of a request that went well: the lowest status below 400, `2XX` or `default`. A description of failures alone: an empty 200. */
function success(responses: Record<string, unknown>): { status: number; response?: unknown } {
  const codes = Object.keys(responses).toSorted()
  const exact = codes.find((code) => /^[23]\d\d$/.test(code))
  if (exact !== undefined) return { status: Number(exact), response: responses[exact] }
  const loose = codes.find((code) => /^2XX$/i.test(code)) ?? codes.find((code) => code === 'default')
  return loose === undefined ? { status: 200 } : { status: 200, response: responses[loose] }
}

/** Parameters of the operation win over those of its path. What cannot be read is left out. */
function known(document: Document, given: readonly unknown[]): Parameter[] {
  const byPlace = new Map<string, Parameter>()
  for (const one of given) {
    const { data } = parameterSchema.safeParse(followed(document, one))
    if (data) byPlace.set(`${data.in} ${data.name}`, data)
  }
  return [...byPlace.values()]
}

function isRequired(place: 'query' | 'header'): (parameter: Parameter) => boolean {
  return ({ in: where, required }) => where === place && required === true
}

/** Not set by a description: who asks, and what the body is. */
function isSendable([name, value]: readonly [string, string]): boolean {
  return !['accept', 'content-type', 'authorization'].includes(name) && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t -~]*$/.test(value)
}

/** A value that a client would send: never empty, and nothing that a URL reads as a step up. */
function sampleText(document: Document, { name, schema, ...parameter }: Parameter): string {
  const own = exampleOf(document, parameter) ?? sampleSchema(document, schema, `${name}-1`, { use: 'request' })
  const text = Array.isArray(own) ? own.join(',') : typeof own === 'object' && own !== null ? '' : String(own)
  return /^\.{0,2}$/.test(text) ? `${name}-1` : text
}
