// What an upstream answered, by phase: how many of its answers were good ones. Only requests under way are kept in memory.
import { type Plan, reaches } from '../../plan/plan.ts'
import { cells } from './grouped-counters.ts'
import type { ArrivalEvent, DepartureEvent } from '../events.ts'

export interface AnswerCell {
  /** The phase in which the client's request was due. */
  phase: string
  upstream: string
  /** Arrivals that have ended, in whatever way. */
  ended: number
  /** Those that ended in a whole answer which the load takes for a good one. */
  good: number
}

export function tallyAnswers({ load }: Pick<Plan, 'load'>): {
  arrival(event: ArrivalEvent, phase: string): void
  departure(event: DepartureEvent): void
  result(): AnswerCell[]
} {
  const table = cells<AnswerCell>()
  const phaseOf = new Map<string, string>()
  const key = ({ upstream, ordinal }: { upstream: string; ordinal: number }): string => `${ordinal} ${upstream}`
  const isGood = ({ upstream, status, clientGone }: DepartureEvent): boolean =>
    !clientGone &&
    status > 0 &&
    (status < 400 || load.mix.some((route) => reaches(route, upstream) && route.expectedStatuses?.includes(status)))
  return {
    arrival: (event, phase) => void phaseOf.set(key(event), phase),
    // An upstream's lines are in order: what departs has arrived.
    departure(event) {
      const phase = phaseOf.get(key(event))
      if (phase === undefined) return
      phaseOf.delete(key(event))
      const { upstream } = event
      const cell = table.at([phase, upstream], () => ({ phase, upstream, ended: 0, good: 0 }))
      cell.ended++
      if (isGood(event)) cell.good++
    },
    result: () => table.sorted(),
  }
}
