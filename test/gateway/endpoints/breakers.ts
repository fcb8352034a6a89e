// What operators see of breakers and of the gateway's clients.
import { type Rows, time, chatOnce, afterOutage, missing } from './row.ts'
export const closed = {
  state: 'closed',
  failure_count: 0,
  failure_threshold: 1,
  success_count: 0,
  opened_at: null,
  last_failure_time: null,
}
export const open = { ...closed, state: 'open', failure_count: 1, opened_at: time, last_failure_time: time }
const summaryOf = (name: string, state: 'closed' | 'open') => ({
  name,
  state,
  failure_count: state === 'open' ? 1 : 0,
  failure_threshold: 1,
  success_count: 0,
  success_threshold: 1,
  health_percentage: state === 'open' ? 0 : 100,
})

const client = {
  available: true,
  failure_count: 0,
  failure_threshold: null,
  opened_at: null,
  last_failure_time: null,
  recovery_timeout_seconds: null,
  timeout_seconds: 2,
  max_attempts: 1,
  state: null,
}
const guarded = { ...client, state: 'closed', failure_threshold: 1, recovery_timeout_seconds: 30 }

export const breakerRows: Rows = {
  'GET /api/v1/resilience/circuit-breakers': { 'one is open': { ...afterOutage, status: 200, json: { chroma: open, billing: closed } } },
  'GET /api/v1/resilience/circuit-breakers/{name}': {
    'it is open': {
      ...afterOutage,
      path: '/api/v1/resilience/circuit-breakers/chroma',
      status: 200,
      json: { ...open, success_threshold: 1 },
    },
    'there is none': {
      path: '/api/v1/resilience/circuit-breakers/constructor',
      ...missing("no circuit breaker 'constructor'; known: chroma, billing"),
    },
  },
  'POST /api/v1/resilience/circuit-breakers/{name}/reset': {
    'it was open': {
      ...afterOutage,
      path: '/api/v1/resilience/circuit-breakers/chroma/reset',
      status: 200,
      // When it failed last stays a fact.
      json: { ...closed, success_threshold: 1, last_failure_time: time },
    },
    'there is none': {
      path: '/api/v1/resilience/circuit-breakers/__proto__/reset',
      ...missing("no circuit breaker '__proto__'; known: chroma, billing"),
    },
  },
  'GET /api/v1/resilience/health': {
    'one of two is open': {
      ...afterOutage,
      status: 200,
      json: {
        status: 'degraded',
        timestamp: time,
        total_circuits: 2,
        circuits_by_state: { closed: 1, open: 1, half_open: 0 },
        open_circuits: ['chroma'],
      },
    },
    'both are open': {
      script: () => [500],
      before: chatOnce,
      status: 200,
      json: {
        status: 'critical',
        timestamp: time,
        total_circuits: 2,
        circuits_by_state: { closed: 0, open: 2, half_open: 0 },
        open_circuits: ['chroma', 'billing'],
      },
    },
    'one is half-open': {
      ...afterOutage,
      before: async (at) => {
        await chatOnce(at)
        await at.pass(30_000)
      },
      status: 200,
      json: {
        status: 'healthy',
        timestamp: time,
        total_circuits: 2,
        circuits_by_state: { closed: 1, open: 0, half_open: 1 },
        open_circuits: [],
      },
    },
  },
  'GET /api/v1/resilience/summary': {
    'one is open': { ...afterOutage, status: 200, json: [summaryOf('chroma', 'open'), summaryOf('billing', 'closed')] },
    'one is half-open': {
      ...afterOutage,
      before: async (at) => {
        await chatOnce(at)
        await at.pass(30_000)
      },
      status: 200,
      json: [{ ...summaryOf('chroma', 'open'), state: 'half_open', health_percentage: 50 }, summaryOf('billing', 'closed')],
    },
  },
  'GET /v1/api/status/services': {
    'one entry a client': {
      ...afterOutage,
      status: 200,
      json: {
        chroma: {
          ...guarded,
          state: 'open',
          available: false,
          failure_count: 1,
          opened_at: time,
          last_failure_time: time,
          timeout_seconds: 15,
        },
        billing: guarded,
        git: client,
        firestore: client,
        'webhook-receiver': client,
        'evidence-api': client,
      },
    },
  },
}
