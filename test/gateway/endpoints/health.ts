// Health: of the process, of each dependency, and what it counts.
import { expect } from 'vitest'
import { closed, open } from './breakers.ts'
import { type Created, everyService } from './created.ts'
import { type Row, type Rows, time, count, chatOnce, afterOutage } from './row.ts'
import { syncOnce } from './sync.ts'
const idle = { running: false, ok: 0, failed: 0, skipped: 0, last: null }
const store = { status: 'healthy', message: 'it answers' }
const who = { timestamp: time, service: 'assistant' }
const unwatched = { git: 'unknown', firestore: 'unknown', 'webhook-receiver': 'unknown', 'evidence-api': 'unknown' }
const brief = (statuses: Record<string, string>) => Object.fromEntries(Object.entries(statuses).map(([name, status]) => [name, { status }]))
const noBreaker = { status: 'unknown', circuit_breaker: null }
const counted = (requests: Record<string, number>, attempts: number, opened = 0) => ({
  requests,
  attempts,
  retries: 0,
  breaker_transitions: { closed: 0, open: opened, half_open: 0 },
})
const untouched = counted({}, 0)

export const healthRows: Rows = {
  'GET /healthz': { alive: { status: 200, json: { status: 'alive' } } },
  'GET /readyz': { ready: { status: 200, json: { status: 'ready' } } },
  ...Object.fromEntries(
    ['/health', '/health/'].map((path) => [
      `GET ${path}`,
      {
        'all is well': {
          status: 200,
          before: (at: Created) => at.pass(),
          json: {
            status: 'healthy',
            ...who,
            checks: brief({ chroma: 'healthy', billing: 'healthy', ...unwatched, store: 'healthy', sync: 'unknown' }),
          },
        },
        'a breaker is open': {
          ...afterOutage,
          status: 200,
          json: {
            status: 'degraded',
            ...who,
            checks: brief({ chroma: 'unhealthy', billing: 'healthy', ...unwatched, store: 'healthy', sync: 'unknown' }),
          },
        },
      } satisfies Record<string, Row>,
    ]),
  ),
  'GET /health/detailed': {
    'a breaker is open, and a synchronisation was done': {
      ...afterOutage,
      before: async (at) => {
        await chatOnce(at)
        await syncOnce(at)
      },
      status: 200,
      json: {
        status: 'degraded',
        ...who,
        checks: {
          chroma: { status: 'unhealthy', circuit_breaker: { ...open, success_threshold: 1 } },
          billing: { status: 'healthy', circuit_breaker: { ...closed, success_threshold: 1 } },
          git: noBreaker,
          firestore: noBreaker,
          'webhook-receiver': noBreaker,
          'evidence-api': noBreaker,
          store,
          sync: { status: 'healthy', ...idle, ok: 1, last: { status: 'ok', ended_at: time, documents: 0 } },
        },
      },
    },
  },
  'GET /health/liveness': {
    'alive, whatever an upstream does': { ...afterOutage, status: 200, json: { status: 'alive', ...who } },
  },
  'GET /health/readiness': {
    'ready, whatever an upstream does': { ...afterOutage, status: 200, json: { status: 'ready', ...who } },
    'it stops': { before: async (at) => at.gateway.admission.close(), status: 503, json: { status: 'stopping', ...who } },
  },
  'GET /health/metrics': {
    'after a chat': {
      ...afterOutage,
      status: 200,
      json: {
        ...who,
        uptime_seconds: 0,
        memory_bytes: count,
        upstreams: {
          chroma: counted({ upstream_error: 1 }, 1, 1),
          billing: counted({ ok: 1 }, 1),
          git: counted({ ok: 1 }, 1),
          firestore: untouched,
          'webhook-receiver': untouched,
          'evidence-api': untouched,
        },
      },
    },
  },
  'GET /health/debug': {
    'in debug mode': {
      status: 200,
      json: {
        ...who,
        uptime_seconds: 0,
        memory_bytes: count,
        node: process.version,
        pid: process.pid,
        upstreams: Object.fromEntries(
          Object.keys(everyService.upstreams).map((name) => [
            name,
            { policies: expect.any(Object) as object, now: expect.any(Object) as object },
          ]),
        ),
      },
    },
  },
}
