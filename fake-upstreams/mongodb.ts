// Chat sessions in MongoDB, behind an HTTP facade of the four calls that an issue assistant makes. It fails as a driver tells it: by error
// name and code (mongodb.com/docs/manual/reference/error-codes), with the label that says whether a write may be repeated.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Session {
  _id: string
  user: string
  messages: { role: string; text: string }[]
}

/** Sessions by id. */
type Memory = BoundedMap<Session>

const jsonHeaders = { 'content-type': 'application/json' }
const samples = Array.from({ length: 20 }, (_, at): Session => ({
  _id: `session-${at + 1}`,
  user: `user-${at % 5}`,
  messages: [
    { role: 'user', text: 'Which issues are open?' },
    { role: 'assistant', text: 'Three issues are open.' },
  ],
}))
const ids = samples.map(({ _id }) => _id)

export const mongodb = defineUpstream(import.meta, {
  name: 'mongodb',
  latency: { median: '8ms', sigma: 0.4 },
  state: (): Memory => new BoundedMap(samples.map((session) => [session._id, { ...session, messages: [...session.messages] }])),
  routes: {
    createSession: {
      method: 'POST',
      path: '/sessions',
      samples: { bodies: [{ user: 'user-1' }], headers: jsonHeaders },
      reply: (request, memory) => {
        const { _id = request.random.next().toString(36).slice(2), user } = (request.json() ?? {}) as { _id?: unknown; user?: unknown }
        if (typeof user !== 'string' || typeof _id !== 'string')
          return failed(400, 121, 'DocumentValidationFailure', 'Document failed validation')
        if (memory.has(_id))
          return failed(
            409,
            11_000,
            'DuplicateKey',
            `E11000 duplicate key error collection: assistant.sessions index: _id_ dup key: { _id: "${_id}" }`,
          )
        memory.set(_id, { _id, user, messages: [] })
        return { status: 201, body: { acknowledged: true, insertedId: _id } }
      },
    },
    ensureSession: {
      method: 'PUT',
      path: '/sessions/{id}',
      samples: { paths: ids.map((id) => `/sessions/${id}`), bodies: [{ user: 'user-1' }], headers: jsonHeaders },
      reply: (request, memory) => {
        const id = request.params['id'] ?? ''
        const isThere = memory.has(id)
        const { user = 'nobody' } = (request.json() ?? {}) as { user?: string }
        if (!isThere) memory.set(id, { _id: id, user, messages: [] })
        return {
          body: {
            acknowledged: true,
            matchedCount: isThere ? 1 : 0,
            modifiedCount: 0,
            upsertedCount: isThere ? 0 : 1,
            upsertedId: isThere ? null : id,
          },
        }
      },
    },
    sessionHistory: {
      method: 'GET',
      path: '/sessions/{id}/history',
      samples: { paths: ids.map((id) => `/sessions/${id}/history`) },
      reply: ({ params }, memory) => ({ body: { documents: memory.get(params['id'] ?? '')?.messages ?? [] } }),
    },
    updateSession: {
      method: 'PATCH',
      path: '/sessions/{id}',
      samples: {
        paths: ids.map((id) => `/sessions/${id}`),
        bodies: [{ $push: { messages: { role: 'user', text: 'And which are closed?' } } }],
        headers: jsonHeaders,
      },
      reply: (request, memory) => {
        const session = memory.get(request.params['id'] ?? '')
        const { $push } = (request.json() ?? {}) as { $push?: { messages?: Session['messages'][number] } }
        if (session && $push?.messages) session.messages = [...session.messages, $push.messages].slice(-HISTORY)
        return { body: { acknowledged: true, matchedCount: session ? 1 : 0, modifiedCount: session && $push?.messages ? 1 : 0 } }
      },
    },
  },
  errorBody: (status) =>
    status === 503 ? failureBody(189, 'PrimarySteppedDown', 'not primary') : failureBody(6, 'HostUnreachable', 'connection closed'),
})

/** A session keeps so many of its newest messages. */
const HISTORY = 50

function failureBody(code: number, codeName: string, errmsg: string) {
  const mayRepeat = code === 189 || code === 6
  return { ok: 0, errmsg, code, codeName, errorLabels: mayRepeat ? ['RetryableWriteError'] : [] }
}

function failed(status: number, code: number, codeName: string, errmsg: string): Reply {
  return { status, body: failureBody(code, codeName, errmsg) }
}

if (import.meta.main) await serveAlone(mongodb)
