// What became of each breaker, in lines: the way of those that moved, those that never left closed, and whose word it is.
import { stateWord } from '../contract/breaker-events.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { JudgedRun } from '../run/judged-run.ts'
import { isInferred, timeOf, whyInferred } from './inferred.ts'
import { oneLine } from './plain-text.ts'

const STEPS = 6

export function breakerJourneys(run: JudgedRun): string[] {
  const { record, evidence, verdict } = run
  const moved = [...new Set(evidence.transitions.map((transition) => transition.upstream))]
  const still = Object.keys(record.plan.upstreams).filter((upstream) => !moved.includes(upstream))
  const lines = moved.map((upstream) => `${oneLine(upstream, 30)} ${journey(evidence, upstream)}`)
  for (const { upstream, partly } of verdict.inferred ?? [])
    if (partly[0])
      lines.push(
        `${oneLine(upstream, 30)} ${oneLine(partly[0].words)}${partly.length > 1 ? `, and ${partly.length - 1} more times` : ''} (inferred)`,
      )
  const told = still.filter((upstream) => !isInferred(run, upstream))
  if (told.length > 0) lines.push(`${oneLine(told.join(', '), 60)} never left closed`)
  const why = whyInferred(run)
  if (why !== undefined) lines.push(`${why}: ${moved.length > 0 ? 'these are' : 'none could be'} inferred from its traffic`)
  return lines
}

/** "closed → open at 10.1 s → half-open at 15.1 s → closed at 15.2 s" */
function journey(evidence: Evidence, upstream: string): string {
  const own = evidence.transitions.filter((transition) => transition.upstream === upstream)
  const steps = own.slice(0, STEPS).map((transition) => `→ ${stateWord(transition.to)} ${timeOf(transition)}`)
  const rest = own.length - STEPS
  return [stateWord(own[0]?.from ?? 'closed'), ...steps, ...(rest > 0 ? [`… ${rest} more, now ${stateWord(own.at(-1)!.to)}`] : [])].join(
    ' ',
  )
}
