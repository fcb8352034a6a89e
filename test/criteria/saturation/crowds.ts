// Hand-written crowds: what a phase of twelve seconds, from 12 s to 24 s, left in the journal second after second.
import type { CrowdAnswers } from '../../../src/evidence/events/saturation.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { latenciesOf } from '../../../src/evidence/latency-histogram.ts'
import type { Outcome } from '../../../src/contract/outcome.ts'
import { type Story, ok, planOf } from '../../judge/history.ts'

export const CONNECTIONS = 100
const START = 12_000
const SECONDS = 10

/** So many of an outcome, each taking so long. */
export type Answered = Partial<Record<Outcome, [count: number, ms: number]>>

export interface Crowd {
  /** By second, from 0. */
  second: (at: number) => Answered
  unmarked?: number
  /** How long connections had waited when it was over. */
  waiting?: number[]
  seconds?: number
  also?: JournalEvent[]
}

const answersOf = (answered: Answered): CrowdAnswers =>
  Object.fromEntries(
    Object.entries(answered).map(([outcome, [count, ms]]) => [outcome, latenciesOf(Array.from({ length: count }, () => ms))]),
  )

export function crowded({ second, unmarked = 0, waiting = [], seconds = SECONDS, also = [] }: Crowd): Story {
  const { phases, load } = planOf()
  return {
    gemini: () => ok,
    breaker: [],
    perSecond: 40,
    plan: {
      faults: [],
      phases: phases.map((phase) =>
        phase.name === 'outage' ? Object.assign({}, phase, { saturation: { connections: CONNECTIONS } }) : phase,
      ),
      load: {
        ...load,
        rate: [
          { fromMs: 0, toMs: START, startPerSecond: 40, endPerSecond: 40 },
          { fromMs: START, toMs: 22_000, startPerSecond: 0, endPerSecond: 0 },
          { fromMs: 22_000, toMs: 60_000, startPerSecond: 40, endPerSecond: 40 },
        ],
      },
    },
    also: [
      ...also,
      ...Array.from({ length: seconds }, (_, at): JournalEvent => ({
        type: 'saturation',
        t: START + (at + 1) * 1000,
        phase: 'outage',
        connections: CONNECTIONS,
        lastMs: 1000,
        answers: answersOf(second(at)),
        unmarked,
        ...(at === seconds - 1 && { waiting: latenciesOf(waiting) }),
      })),
    ],
  }
}
