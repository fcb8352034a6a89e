// What one user may have.
import type { Created } from './created.ts'
import { missing, refused, type Rows } from './row.ts'

const headers = { 'x-user-id': 'ada' }
const storage = { limit_bytes: 1000, used_bytes: 0, limit_objects: 10_000, used_objects: 0 }
const keep = (at: Created) => at.ask('/quotas/storage/a.mp3', { method: 'PUT', headers, body: { bytes: 900 } })
const kept = { ...storage, used_bytes: 900, used_objects: 1 }
const full = refused(
  507,
  'storage_full',
  'storage_full',
  'There is no room left in your storage. Please delete something first. At most 1,000 bytes can be kept.',
  '900 bytes in 1 object are kept, 101 bytes more were asked for; at most 1,000 bytes in 10,000 objects may be',
)

export const quotaRows: Rows = {
  'GET /quotas': {
    'of a user who keeps something': {
      before: keep,
      headers,
      status: 200,
      json: { user: 'ada', api: { limit: 100, per_seconds: 1 }, operations: { limit: 2, used: 0 }, storage: kept },
    },
    'of nobody': {
      status: 200,
      json: { user: null, api: { limit: 100, per_seconds: 1 }, operations: { limit: 2, used: 0 }, storage },
    },
  },
  'PUT /quotas/storage/{object}': {
    'something new': {
      path: '/quotas/storage/a.mp3',
      headers,
      body: { bytes: 900 },
      status: 201,
      json: { object: 'a.mp3', bytes: 900, storage: kept },
    },
    'in place of what was there': {
      before: keep,
      path: '/quotas/storage/a.mp3',
      headers,
      body: { bytes: 10 },
      status: 200,
      json: { object: 'a.mp3', bytes: 10, storage: { ...kept, used_bytes: 10 } },
    },
    'no room for it': {
      before: keep,
      path: '/quotas/storage/__proto__',
      body: { bytes: 101 },
      ...full,
      headers: { ...headers, ...full.headers },
    },
  },
  'DELETE /quotas/storage/{object}': {
    'it was kept': { before: keep, path: '/quotas/storage/a.mp3', headers, status: 200, json: { object: 'a.mp3', storage } },
    'it was not': { path: '/quotas/storage/constructor', ...missing('this user keeps no such object') },
  },
}
