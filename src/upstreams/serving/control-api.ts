// The control API of a fake upstream. It has a port of its own, so that no fault and no toxic can hit it.
//
//   GET    /faults          {"faults": [ActiveFault]}
//   PUT    /faults/{id}     body ActiveFault (its id may be left out) → 200, the fault as set
//   DELETE /faults/{id}     204, or 404
//   DELETE /faults          204
//   PUT    /down            204; connections are refused and cut until DELETE /down
//   GET    /log?since=n     arrivals and departures from number n, one JSON a line; x-log-next: ask for this next; x-log-lost: no longer held
//   GET    /sockets         {"open": connections, "inFlight": requests}
//   GET    /health          {"status": "ok", "upstream": name}
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Problem } from '../../kernel/errors.ts'
import { listen, type Listening } from '../../kernel/server.ts'
import { refusalOf } from './local-callers.ts'
import { check, shown, suggest } from '../../kernel/validation.ts'
import { customFaultKey } from '../../faults/custom-fault.ts'
import { type ActiveFault, activeFaultSchema } from '../../faults/active-fault.ts'
import type { UpstreamLog } from './log.ts'
import type { ServedUpstream } from './server.ts'

interface Controlled {
  served: ServedUpstream
  log: UpstreamLog
}

interface Call {
  /** The `{id}` of the path. */
  id: string
  query: URLSearchParams
  body: string
}

interface Result {
  status: number
  headers?: Record<string, string>
  body?: string
}

const BODY_LIMIT = 64 * 1024

const endpoints: { method: string; path: RegExp; handle: (controlled: Controlled, call: Call) => Result | Promise<Result> }[] = [
  { method: 'GET', path: /^\/faults$/, handle: ({ served }) => json(200, { faults: served.faults.faults() }) },
  { method: 'PUT', path: /^\/faults\/(?<id>[^/]+)$/, handle: setFault },
  { method: 'DELETE', path: /^\/faults\/(?<id>[^/]+)$/, handle: clearFault },
  { method: 'DELETE', path: /^\/faults$/, handle: clearAll },
  { method: 'PUT', path: /^\/down$/, handle: ({ served }) => served.goDown().then(empty) },
  { method: 'DELETE', path: /^\/down$/, handle: ({ served }) => served.comeBack().then(empty) },
  { method: 'GET', path: /^\/log$/, handle: readLog },
  { method: 'GET', path: /^\/sockets$/, handle: ({ served }) => json(200, served.sockets()) },
  { method: 'GET', path: /^\/health$/, handle: ({ served }) => json(200, { status: 'ok', upstream: served.name }) },
]

/**
 * Serves the control API (default: a free port on 127.0.0.1).
 * @throws GatecrashError `port_taken`
 */
export async function serveControl(controlled: Controlled, options: { port?: number; host?: string } = {}): Promise<Listening> {
  const server = createServer((incoming, outgoing) => void answer(controlled, incoming, outgoing, options.host))
  return listen(server, options)
}

/** Never throws: nobody would catch it, and the process would end with all its fakes. */
async function answer(controlled: Controlled, incoming: IncomingMessage, outgoing: ServerResponse, host?: string): Promise<void> {
  const refused = refusalOf(incoming.headers, host)
  const { status, headers, body } = await read(incoming).then(
    (text) => (refused === undefined ? attempt(controlled, incoming, text) : failure(403, refused)),
    (cause: Error) => failure(413, cause.message),
  )
  outgoing.writeHead(status, headers).end(body)
}

/** What a user's own schema throws, or what is too deep to be read, is the caller's to mend. */
async function attempt(controlled: Controlled, { url = '/', method = 'GET' }: IncomingMessage, body: string): Promise<Result> {
  try {
    // A path may begin with two slashes, which would read as a host.
    const target = URL.parse(url.startsWith('/') ? `http://control${url}` : url)
    if (!target) return failure(400, `no path: ${shown(url)}`)
    return await handle(controlled, method, target.pathname, target.searchParams, body)
  } catch (cause) {
    return failure(400, `the request cannot be read: ${cause instanceof Error ? cause.message : shown(cause)}`)
  }
}

function handle(controlled: Controlled, method: string, path: string, query: URLSearchParams, body: string): Result | Promise<Result> {
  const here = endpoints.flatMap((endpoint) => {
    const groups = endpoint.path.exec(path)
    return groups ? [{ ...endpoint, id: decodeURIComponent(groups.groups?.['id'] ?? '') }] : []
  })
  if (here.length === 0) return failure(404, `no such path: ${path}; there are /faults, /faults/{id}, /down, /log, /sockets and /health`)
  const endpoint = here.find((candidate) => candidate.method === method)
  if (!endpoint) return failure(405, `${path} takes ${here.map((candidate) => candidate.method).join(' and ')}, not ${method}`)
  return endpoint.handle(controlled, { id: endpoint.id, query, body })
}

function setFault({ served }: Controlled, { id, body }: Call): Result {
  const problems: Problem[] = []
  const fault = check(activeFaultSchema, withId(parse(body), id), '', problems)
  if (fault && fault.id !== id)
    problems.push({ path: 'id', message: `must be "${id}", as in the path, or left out; got ${shown(fault.id)}` })
  if (fault) problems.push(...unknownRoutes(fault, served), ...customProblems(fault, served))
  if (!fault || problems.length > 0) return failure(400, `fault ${id} is not accepted`, problems)
  served.faults.set(fault)
  return json(200, fault)
}

function unknownRoutes(fault: ActiveFault, { name, upstream }: ServedUpstream): Problem[] {
  const known = Object.keys(upstream.routes)
  return (fault.hits.routes ?? []).flatMap((route, at) =>
    known.includes(route) ? [] : [{ path: `hits.routes[${at}]`, message: `${name} has no route "${route}"${suggest(route, known)}` }],
  )
}

/** A fault of the user's own must have been loaded when the fake was started, and its schema must accept its parameters. */
function customProblems({ fault }: ActiveFault, { customFaults }: ServedUpstream): Problem[] {
  if (fault.is !== 'custom') return []
  const definition = customFaults.get(customFaultKey(fault))
  const problems: Problem[] = []
  if (definition) check(definition.schema, fault.params, 'fault.params', problems)
  else problems.push({ path: 'fault', message: `${customFaultKey(fault)} is not loaded; name it when the fakes are started` })
  return problems
}

function clearFault({ served }: Controlled, { id }: Call): Result {
  if (served.faults.clear(id)) return { status: 204 }
  const known = served.faults.faults().map((fault) => fault.id)
  return failure(404, `no fault ${shown(id)} is set${known.length > 0 ? `; set: ${known.join(', ')}` : ''}`)
}

function clearAll({ served }: Controlled): Result {
  served.faults.clearAll()
  return { status: 204 }
}

function readLog({ log }: Controlled, { query }: Call): Result {
  const since = query.get('since') ?? '0'
  if (!/^\d+$/.test(since))
    return failure(400, 'the log cannot be read', [{ path: 'since', message: `must be a number from 0, got ${shown(since)}` }])
  const { events, next, lost } = log.since(Number(since))
  return {
    status: 200,
    headers: { 'content-type': 'application/x-ndjson', 'x-log-next': String(next), 'x-log-lost': String(lost) },
    body: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  }
}

const empty = (): Result => ({ status: 204 })

function json(status: number, value: unknown): Result {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

function failure(status: number, message: string, problems: Problem[] = []): Result {
  return json(status, { error: { code: 'invalid_request', message, problems } })
}

/** The body as JSON. What is no JSON is returned as text: no schema accepts it, and the message shows it. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}

function withId(value: unknown, id: string): unknown {
  return typeof value === 'object' && value !== null && !('id' in value) ? { id, ...value } : value
}

async function read(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > BODY_LIMIT) throw new Error(`a body may have ${BODY_LIMIT} characters at most`)
  }
  return text
}
