// Examples of criteria of breakers.
import type { breakerCriteria } from '../../../src/criteria/breaker/breaker.ts'
import { OUTAGE_START, type Story, failing, healthyGemini, ok, rejected } from '../../judge/history.ts'
import {
  burst,
  closes,
  closesLate,
  goes,
  neverCloses,
  neverOpens,
  neverProbes,
  notFound,
  opens,
  opensAgain,
  quiet,
} from '../breaker/stories.ts'
import { probedAfter, rejectedUntil, single, stays, three } from '../breaker/stories.ts'
import type { Examples } from './example.ts'

const healthy: Story = {}
const withoutBite: Story = { gemini: () => ok, breaker: [], faultSeen: false }
const servedBadly: Story = { gemini: (dueMs) => (dueMs >= 22_300 ? { ...failing, answered: 200 } : healthyGemini(dueMs)) }
const opensLate: Story = {
  gemini: (dueMs) => (dueMs < OUTAGE_START || dueMs >= 22_300 ? ok : dueMs < 14_500 ? failing : rejected),
  breaker: [
    ['open', 14_500],
    ['half_open', 22_100],
    ['closed', 22_300],
  ],
}
/** It opens while all is well. The first probe finds the outage. */
const openBefore: Story = {
  gemini: (dueMs) => (dueMs < 9000 || dueMs >= 22_300 ? ok : dueMs >= OUTAGE_START && dueMs < 12_100 ? failing : rejected),
  breaker: [
    ['open', 9000],
    ['half_open', 12_010],
    ['open', 12_100],
    ['half_open', 22_100],
    ['closed', 22_300],
  ],
}

export const breakerExamples = (): Examples<keyof typeof breakerCriteria> => ({
  transitions: {
    criterion: goes,
    pass: healthy,
    fail: {
      never_opened: neverOpens,
      never_half_open: neverProbes,
      never_closed: neverCloses,
      not_recovered: servedBadly,
      reopened: opensAgain,
      unexpected_transition: {
        breaker: [
          ['open', 12_100],
          ['closed', 22_300],
        ],
      },
    },
    inconclusive: { fault_never_bit: withoutBite, incomplete: { cutMs: 21_000 } },
  },
  opens_within: {
    criterion: opens,
    pass: healthy,
    fail: { never_opened: neverOpens, opened_late: opensLate, unexpected_transition: openBefore },
    inconclusive: { fault_never_bit: withoutBite },
  },
  closes_within: {
    criterion: closes,
    pass: healthy,
    fail: {
      never_opened: neverOpens,
      never_half_open: neverProbes,
      never_closed: neverCloses,
      not_recovered: servedBadly,
      reopened: opensAgain,
      closed_late: closesLate,
    },
    inconclusive: { incomplete: { ...neverProbes, cutMs: 24_000 } },
  },
  stays_closed: {
    criterion: stays,
    pass: quiet,
    fail: { unexpected_transition: healthy },
    inconclusive: { load_not_delivered: { ...quiet, gemini: () => 'not sent' }, incomplete: { ...quiet, cutMs: 30_000 } },
  },
  probes_at_most: {
    criterion: { kind: 'probes_at_most', upstream: 'gemini', most: 1 },
    pass: single(),
    fail: { too_many_probes: three() },
    // No second request comes before the probe is answered.
    inconclusive: { too_few_samples: openedForAMoment(), no_samples: quiet },
  },
  recovers_after: {
    criterion: { kind: 'recovers_after', upstream: 'gemini', earliestMs: 5000, latestMs: 7000 },
    pass: probedAfter(6000),
    fail: { probed_early: probedAfter(600), probed_late: probedAfter(9000), never_half_open: neverProbes },
    inconclusive: { no_samples: quiet },
  },
  breaker_blind_to: {
    criterion: { kind: 'breaker_blind_to', upstream: 'gemini', statuses: [404] },
    pass: burst(() => notFound),
    fail: {
      unexpected_transition: {
        plan: { faults: [] },
        breaker: [
          ['open', 5260],
          ['half_open', 10_300],
          ['closed', 10_320],
        ],
        gemini: (dueMs) => (dueMs < 5000 || dueMs >= 10_300 ? ok : dueMs < 5250 ? notFound : rejected),
      },
    },
    inconclusive: {
      too_few_samples: burst((count) => (count < 6 ? notFound : ok)),
      no_samples: burst((count) => (count % 2 ? notFound : ok)),
    },
  },
})

function openedForAMoment(): Story {
  return {
    breaker: [
      ['open', 12_100],
      ['half_open', 22_301],
      ['closed', 22_310],
    ],
    gemini: rejectedUntil(22_300),
  }
}
