// The breakers of a run as they are judged: reported by the gateway, or inferred from its traffic.
import { type Evidence, withParts } from '../../../evidence/evidence.ts'
import type { Observation, PartialOpening } from '../../finding/observation.ts'
import type { Case } from '../../finding/raw-finding.ts'
import { withTrafficOf } from '../once-per-run.ts'
import { inferTransitions, openSilences, whyBlind } from './inferred-breaker.ts'
import { partialOpenings } from './partial-opening.ts'

/** Why the gateway's own account of its breakers is of no use, so that traffic must tell; undefined when it is of use. */
function whyInferred(run: Case, upstream: string, observe: Observation): string | undefined {
  if (observe === 'events') return undefined
  if (observe === 'traffic') return 'the events of the gateway are ignored (--observe traffic)'
  const { notes, transitions } = run.evidence
  if (isSilent(run.evidence)) return 'the gateway reports no breaker events'
  const blind = whyBlind(run, upstream) !== undefined
  const unreadable = notes.find(({ code }) => code === 'events_unreadable')
  if (unreadable && !blind) return unreadable.text
  return transitions.length === 0 && !blind && inferTransitions(run, upstream).length > 0
    ? "the gateway's event stream told of no transition"
    : undefined
}

/** Whether the gateway offers no event stream. */
export const isSilent = ({ notes }: Evidence): boolean => notes.some(({ code }) => code === 'events_unavailable')

/** The run, with inferred transitions of the upstreams whose breakers the gateway does not report, or is not asked about. */
export function withObservedBreakers(seen: Case, observe: Observation = 'both'): Case {
  const run: Case = { ...seen, observe }
  const names = Object.keys(run.plan.upstreams)
  const inferred = new Map(
    names.flatMap((upstream) => {
      const why = whyInferred(run, upstream, observe)
      return why === undefined ? [] : [[upstream, why] as const]
    }),
  )
  const partly = new Map<string, readonly PartialOpening[]>()
  for (const upstream of observe === 'events' ? [] : names) {
    if (whyBlind(run, upstream) !== undefined) continue
    const found = partialOpenings(run, upstream, openSilences(run, upstream))
    if (found.length > 0) partly.set(upstream, found)
  }
  const reported = run.evidence.transitions.filter(({ upstream }) => observe !== 'traffic' && !inferred.has(upstream))
  const told = [...inferred.keys()].flatMap((upstream) => (whyBlind(run, upstream) === undefined ? inferTransitions(run, upstream) : []))
  const transitions = [...reported, ...told].toSorted((a, b) => a.atMs - b.atMs)
  return withTrafficOf(run, {
    ...run,
    ...(inferred.size > 0 && { inferred }),
    ...(partly.size > 0 && { partly }),
    evidence: withParts(run.evidence, { transitions }),
  })
}
