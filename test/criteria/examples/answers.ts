// Examples of criteria of what answers hold.
import { carriedKey } from '../../../src/criteria/answers/carried.ts'
import type { answerCriteria } from '../../../src/criteria/answers/answers.ts'
import { type Answer, type Story, failing, ok } from '../../judge/history.ts'
import { answer, story as bodies } from '../answers/bodies.ts'
import { keeping, kept, newest } from '../fallbacks/kept.ts'
import type { Examples } from './example.ts'

const retryAfter = { header: 'retry-after' }
const key = carriedKey(retryAfter)

/** Without a fault, one request in ten is answered so. */
const oneInTen = (some: Answer): Story => ({ gemini: (_, index) => (index % 10 === 0 ? some : ok), breaker: [], plan: { faults: [] } })
const limited = (client: NonNullable<Answer['client']>): Story =>
  oneInTen({ outcome: 'limited', latencyMs: 1, attempts: 0, client: { status: 429, ...client } })
const halfOf = (outcome: Answer['outcome']): Story => oneInTen({ ...ok, outcome, departures: [{ whole: false }] })

export const answerExamples = (): Examples<keyof typeof answerCriteria> => ({
  answers_given: {
    criterion: { kind: 'answers_given', upstream: 'gemini' },
    pass: keeping(() => failing),
    fail: {
      made_up: keeping(() => kept('sorry', { outcome: 'ok', attempts: 1, answered: 503 })),
      fallback_unmarked: keeping(() => kept(newest, { outcome: 'ok' })),
    },
    inconclusive: { no_samples: { ...oneInTen(ok), perSecond: 0.001 } },
  },
  answers_unspoiled: {
    criterion: { kind: 'answers_unspoiled', upstream: 'gemini' },
    pass: halfOf('connection_error'),
    fail: { damaged_body: halfOf('ok') },
    inconclusive: { no_samples: oneInTen(ok) },
  },
  answers_intact: {
    criterion: { kind: 'answers_intact', upstream: 'gemini' },
    pass: bodies((index) => answer(index)),
    fail: { damaged_body: bodies((index) => answer(index, { checksum: 'ffffffff' })) },
    inconclusive: { too_few_samples: bodies((index) => ({ ...answer(index, { checksum: 'eeeeeeee' }), attempts: 0 }), 50) },
  },
  answers_carry: {
    criterion: { kind: 'answers_carry', upstream: 'gemini', ...retryAfter, outcomes: ['limited'] },
    pass: limited({ carries: [key] }),
    fail: { not_carried: limited({ lacks: [key] }) },
    inconclusive: { no_samples: oneInTen(ok) },
  },
})
