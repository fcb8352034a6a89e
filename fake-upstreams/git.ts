// A writing assistant's own version service: it keeps a snapshot of a project after each save, and lists them.
import { createHash } from 'node:crypto'
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Snapshot {
  commit: string
  message: string
  number: number
}

/** The newest snapshots by project, newest last. */
type Memory = BoundedMap<Snapshot[]>

const KEPT = 100
const jsonHeaders = { 'content-type': 'application/json' }
const projects = Array.from({ length: 20 }, (_, at) => `novel-${at + 1}`)

export const git = defineUpstream(import.meta, {
  name: 'git',
  latency: { median: '80ms', sigma: 0.5 },
  state: (): Memory => new BoundedMap(projects.map((project) => [project, [snapshotOf(project, 'first draft', 1)]])),
  routes: {
    createSnapshot: {
      method: 'POST',
      path: '/snapshot/{project}',
      samples: {
        paths: projects.map((project) => `/snapshot/${project}`),
        bodies: [{ message: 'after a chat answer' }],
        headers: jsonHeaders,
      },
      reply: (request, memory) => {
        const { project = '' } = request.params
        const { message } = (request.json() ?? {}) as { message?: unknown }
        const before = memory.get(project) ?? []
        const snapshot = snapshotOf(project, typeof message === 'string' ? message : 'snapshot', (before.at(-1)?.number ?? 0) + 1)
        memory.set(project, [...before, snapshot].slice(-KEPT))
        return { status: 201, body: snapshot }
      },
    },
    listSnapshots: {
      method: 'GET',
      path: '/snapshots/{project}',
      samples: { paths: projects.map((project) => `/snapshots/${project}`) },
      latency: { median: '30ms', sigma: 0.4 },
      reply: ({ params }, memory) => {
        const snapshots = memory.get(params['project'] ?? '')
        return snapshots ? { body: { snapshots: snapshots.toReversed() } } : failed(404, 'no such project')
      },
    },
    health: { method: 'GET', path: '/health', latency: '2ms', reply: () => ({ body: { status: 'ok' } }) },
  },
  errorBody: (status) => ({ error: status === 409 ? 'another snapshot is being taken' : 'fatal: unable to access the repository' }),
})

function failed(status: number, error: string): Reply {
  return { status, body: { error } }
}

/** The same project and number give the same commit. */
function snapshotOf(project: string, message: string, number: number): Snapshot {
  return { commit: createHash('sha1').update(`${project} ${number}`).digest('hex'), message, number }
}

if (import.meta.main) await serveAlone(git)
