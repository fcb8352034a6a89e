// The synchronisation.
import { type Created, type Script, COLLECTION } from './created.ts'
import { unavailable, refused, type Rows, time } from './row.ts'
export const idle = { running: false, ok: 0, failed: 0, skipped: 0, last: null }
const listing: Script = (_upstream, path) => [200, path.startsWith(COLLECTION) ? { documents: [{ name: 'a' }, { name: 'b' }] } : {}]
export const syncOnce = async (at: Created) => {
  await at.ask('/sync/run', { method: 'POST' })
  await at.pass()
}

export const syncRows: Rows = {
  'GET /sync': {
    'before its first run': { status: 200, json: { run: idle, clean_up: idle } },
    'after a run': {
      script: listing,
      before: syncOnce,
      status: 200,
      json: { run: { ...idle, ok: 1, last: { status: 'ok', ended_at: time, documents: 2 } }, clean_up: idle },
    },
    'after one that failed': {
      script: () => [503],
      before: syncOnce,
      status: 200,
      json: {
        run: { ...idle, failed: 1, last: { status: 'failed', ended_at: time, reason: 'firestore: upstream_status' } },
        clean_up: idle,
      },
    },
  },
  'GET /sync/copies': {
    'they are whole': { script: listing, before: syncOnce, status: 200, json: { documents: 2, written_at: time } },
    'nothing was copied yet': refused(
      503,
      'dependency_down',
      'dependency_unavailable',
      unavailable,
      'nothing was copied yet',
      true,
      'rejected',
    ),
  },
  'POST /sync/run': { 'none is under way': { status: 202, json: { started: true } } },
  'POST /sync/clean-up': { 'none is under way': { status: 202, json: { started: true } } },
}
