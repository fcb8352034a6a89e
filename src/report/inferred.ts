// What traffic told of breakers, in place of the gateway: shown as inferred wherever it is shown.
import type { Transition } from '../evidence/events/transition.ts'
import { fixed, moment } from '../kernel/wording.ts'
import type { JudgedRun } from '../run/judged-run.ts'

type Judged = Pick<JudgedRun, 'evidence' | 'verdict'>

/** Whether the states of this upstream's breaker are inferred from traffic, or would be. */
export const isInferred = ({ evidence, verdict }: Judged, upstream: string): boolean =>
  verdict.inferred?.some((each) => each.upstream === upstream) === true || evidence.notes.some(({ code }) => code === 'events_unavailable')

/** Why traffic is asked; undefined where the gateway tells of all its breakers. */
export function whyInferred({ evidence, verdict }: Judged): string | undefined {
  if (verdict.inferred?.[0]) return verdict.inferred[0].why
  return evidence.notes.some(({ code }) => code === 'events_unavailable') ? 'the gateway reports no breaker events' : undefined
}

/** When it happened: "12.1 s"; of an inferred one "about 12.1 s (± 0.1 s)", rounded up. */
export function timeOf({ atMs, between }: Pick<Transition, 'atMs' | 'between'>, decimals = 1): string {
  if (!between) return moment(atMs, decimals)
  const half = Math.max(atMs - between[0], between[1] - atMs)
  const unit = 10 ** decimals
  return `about ${moment(atMs, decimals)} (± ${fixed(Math.max(1, Math.ceil((half / 1000) * unit - 1e-9)) / unit, decimals)} s)`
}
