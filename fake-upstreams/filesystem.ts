// A writing assistant's own file service: projects of text files, saved whole.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface File {
  project: string
  path: string
  content: string
  version: number
}

/** By project and path. */
type Memory = BoundedMap<File>

const jsonHeaders = { 'content-type': 'application/json' }
const samples = Array.from({ length: 20 }, (_, at): File => ({
  project: `novel-${(at % 4) + 1}`,
  path: `chapter-${at + 1}.md`,
  content: `# Chapter ${at + 1}\n\nIt was the third draft.`,
  version: 1,
}))

export const filesystem = defineUpstream(import.meta, {
  name: 'filesystem',
  latency: { median: '20ms', sigma: 0.4 },
  state: (): Memory => new BoundedMap(samples.map((file) => [keyOf(file.project, file.path), { ...file }])),
  routes: {
    saveFile: {
      method: 'POST',
      path: '/save_file',
      samples: { bodies: samples.map(({ project, path, content }) => ({ project_id: project, path, content })), headers: jsonHeaders },
      reply: (request, memory) => {
        const { project_id: project, path, content } = (request.json() ?? {}) as Record<string, unknown>
        if (typeof project !== 'string' || typeof path !== 'string' || typeof content !== 'string')
          return failed(400, 'project_id, path and content are required')
        if (path.startsWith('/') || path.split('/').includes('..')) return failed(400, 'path must stay inside the project')
        const version = (memory.get(keyOf(project, path))?.version ?? 0) + 1
        memory.set(keyOf(project, path), { project, path, content, version })
        return { body: { saved: true, path, version, bytes: Buffer.byteLength(content) } }
      },
    },
    readFile: {
      method: 'GET',
      path: '/read_file',
      samples: { paths: samples.map(({ project, path }) => `/read_file?project_id=${project}&path=${path}`) },
      reply: ({ query }, memory) => {
        const file = memory.get(keyOf(query.get('project_id') ?? '', query.get('path') ?? ''))
        return file ? { body: { path: file.path, content: file.content, version: file.version } } : failed(404, 'no such file')
      },
    },
    listFiles: {
      method: 'GET',
      path: '/list_files',
      samples: { paths: ['/list_files?project_id=novel-1'] },
      reply: ({ query }, memory) => {
        const files = [...memory.values()].filter(({ project }) => project === query.get('project_id'))
        return { body: { files: files.map(({ path, version }) => ({ path, version })) } }
      },
    },
    // It reflects what it was sent, as a careless service does.
    whoAmI: {
      method: 'GET',
      path: '/who_am_i',
      latency: '2ms',
      reply: ({ headers }) => {
        const token = headers['x-internal-token']
        const caller = token === undefined ? 'nobody' : String(token).startsWith('forged') ? 'a stranger' : 'a service'
        return { headers: { 'x-known-as': caller, 'x-token': String(token ?? '') }, body: { caller, token: token ?? null } }
      },
    },
    health: { method: 'GET', path: '/health', latency: '2ms', reply: () => ({ body: { status: 'ok' } }) },
  },
  errorBody: (status) => ({ error: status === 507 ? 'no space left on device' : 'the file service cannot answer now' }),
})

function keyOf(project: string, path: string): string {
  return `${project}/${path}`
}

function failed(status: number, error: string): Reply {
  return { status, body: { error } }
}

if (import.meta.main) await serveAlone(filesystem)
