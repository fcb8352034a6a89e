// Examples of criteria of webhooks: gemini.generate stands for the route that accepts them, and two of them are delivered.
import type { webhookCriteria } from '../../../src/criteria/webhooks/webhooks.ts'
import type { WebhookEntry, WebhookStanding } from '../../../src/evidence/events/webhooks.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { requestId } from '../../../src/evidence/request-id.ts'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { END, type Story, ok, rejected } from '../../judge/history.ts'
import type { Examples } from './example.ts'

const route = 'gemini.generate'
/** More than the load of a story has. */
const MOST = 5000

interface Kept {
  /** Of the request with this index; undefined: it is in no list. */
  standing?: (index: number) => WebhookStanding | undefined
  /** When the delivery with this key arrived, and how it was answered; else with 202. */
  deliveries?: [key: string, atMs: number, status?: number][]
  /** When the gateway was killed; it is back 300 ms later. */
  killedMs?: number
  isListed?: boolean
}

const keyOf = (index: number): string => `key${index}`
const killed: PlannedFault = {
  id: 'F1',
  phase: 'outage',
  startMs: 12_000,
  endMs: 22_000,
  fault: { made: 'process', role: 'gateway', fault: { is: 'killed' } },
}

export function kept({ standing = () => 'pending', deliveries = [], killedMs, isListed = true }: Kept): Story {
  const entries = Array.from({ length: MOST }, (_, index): WebhookEntry[] => {
    const where = standing(index)
    return where === undefined ? [] : [[requestId('r7', index), keyOf(index), where]]
  }).flat()
  const dead = entries.flatMap(([reference, key, where]): WebhookEntry[] => (where === 'failed' ? [[reference, key, 'dead_letter']] : []))
  const also: JournalEvent[] = deliveries.flatMap(([key, t, status = 202], at) => [
    {
      type: 'arrival',
      t,
      upstream: 'gemini',
      ordinal: 1_000_000 + at,
      request: '',
      attempt: 0,
      concurrent: 1,
      route: 'deliver',
      method: 'POST',
      idempotent: true,
      key,
      bodyHash: '',
    },
    { type: 'departure', t: t + 30, upstream: 'gemini', ordinal: 1_000_000 + at, status, clientGone: false, whole: true, length: 0 },
  ])
  if (killedMs !== undefined)
    also.push(
      { type: 'process', t: killedMs, role: 'gateway', edge: 'exited', code: null, signal: 'SIGKILL', unexpected: false },
      { type: 'process', t: killedMs + 300, role: 'gateway', edge: 'ready' },
      { type: 'fault', t: killedMs + 10, fault: 'F1', edge: 'bite', detail: 'a connection was refused' },
    )
  if (isListed) also.push({ type: 'webhooks', t: END + 50, entries: [...entries, ...dead], last: true })
  return {
    gemini: () => ({ ...ok, client: { status: 202 } }),
    breaker: [],
    also,
    plan: { faults: killedMs === undefined ? [] : [killed] },
  }
}

const isEven = (index: number): boolean => index % 2 === 0
const well: Kept = {
  standing: (index) => (index < 2 ? 'delivered' : isEven(index) ? 'pending' : 'failed'),
  deliveries: [
    [keyOf(0), 3000],
    [keyOf(1), 3100],
  ],
}

export const webhookExamples = (): Examples<keyof typeof webhookCriteria> => ({
  webhooks_conserved: {
    criterion: { kind: 'webhooks_conserved', route, pendingAtMost: 900 },
    pass: kept(well),
    fail: {
      lost: kept({ ...well, standing: (index) => (index % 50 < 2 ? undefined : 'pending') }),
      // The list says so, and no receiver does.
      made_up: kept({ ...well, standing: () => 'delivered' }),
      left_waiting: kept({ standing: () => 'pending' }),
    },
    inconclusive: { no_samples: kept({ ...well, isListed: false }) },
  },
  webhooks_once: {
    criterion: { kind: 'webhooks_once', route },
    // The gateway was killed 40 ms after the receiver had answered: it could not know.
    pass: kept({
      deliveries: [
        ['a', 12_960],
        ['b', 3000],
        ['a', 22_400],
      ],
      killedMs: 13_030,
    }),
    fail: {
      delivered_twice: kept({
        deliveries: [
          ['a', 3000],
          ['a', 5000],
        ],
        killedMs: 13_000,
      }),
    },
    inconclusive: { no_samples: kept({ killedMs: 13_000 }) },
  },
  webhooks_outlive: {
    criterion: { kind: 'webhooks_outlive', route },
    pass: kept({ ...well, killedMs: 13_000 }),
    fail: { lost: kept({ ...well, killedMs: 13_000, standing: (index) => (index < 200 ? undefined : 'pending') }) },
    inconclusive: { no_samples: kept({ ...well, killedMs: 13_000, isListed: false }) },
  },
  webhooks_not_after_refusal: {
    criterion: { kind: 'webhooks_not_after_refusal', route },
    pass: kept({
      deliveries: [
        ['a', 3000, 422],
        ['b', 3000, 503],
        ['b', 4000],
      ],
    }),
    fail: {
      retried_in_vain: kept({
        deliveries: [
          ['a', 3000, 422],
          ['a', 4000, 422],
        ],
      }),
    },
    inconclusive: {
      no_samples: kept({
        deliveries: [
          ['b', 3000, 503],
          ['b', 4000],
        ],
      }),
    },
  },
  webhooks_refused: {
    criterion: { kind: 'webhooks_refused', route, phase: 'outage', afterMs: 2000 },
    pass: { gemini: (dueMs) => (dueMs < 13_000 || dueMs >= 22_000 ? ok : rejected) },
    fail: { accepted_in_vain: { gemini: () => ok } },
    inconclusive: { fault_never_bit: { gemini: () => ok, faultSeen: false } },
  },
})
