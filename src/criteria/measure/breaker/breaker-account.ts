// Whether the account of an upstream's breaker can be relied on: the gateway's events, or the states inferred where it reports none.
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Plan } from '../../../plan/plan.ts'
import { plural } from '../../../kernel/wording.ts'
import type { Case } from '../../finding/raw-finding.ts'
import { spells, transitionsOf } from './breaker-history.ts'
import { unmarkedSilence, whyBlind } from './inferred-breaker.ts'
import { partlyText } from './partial-opening.ts'
import { isSilent } from './observed-breakers.ts'
import { wholeRun } from '../scope.ts'
import { unsupportedIn } from '../gaps/unsupported-answers.ts'

// An event stream that breaks during the run is replayed on reconnection. One that is down when the plan ends is not.
const LAST_SECOND = 1000

// Half-open is only told apart from closed by what follows.
const PART = 750

/** Why this upstream's breaker history cannot be relied on; undefined when it can. */
export function eventsProblem(run: Case, upstream: string): string | undefined {
  const { plan, evidence } = run
  const why = run.inferred?.get(upstream)
  if (why !== undefined) return whyNotInferred(run, upstream, why)
  if (run.observe === 'events' && isSilent(evidence))
    return 'the gateway reports no breaker events, and its traffic is not asked (--observe events)'
  const note = evidence.notes.find(
    ({ code, atMs }) =>
      code === 'events_gap' ||
      code === 'events_unreadable' ||
      (code === 'events_lost' && atMs >= plan.durationMs - LAST_SECOND && atMs <= plan.durationMs),
  )
  return note?.text ?? otherName(plan, evidence, upstream) ?? brokenChain(evidence, upstream)
}

function whyNotInferred(run: Case, upstream: string, why: string): string | undefined {
  const { plan, evidence } = run
  const silent = `${why}, and`
  const blind = whyBlind(run, upstream)
  if (blind !== undefined) return `${silent} ${blind}`
  const unsupported = unsupportedIn({ plan, evidence }, upstream, wholeRun(plan).phases)
  // Answers that a gateway shares have nothing behind them either; they come while calls pass.
  if (unsupported === 0 || !unmarkedSilence(run, upstream)) return undefined
  return `${silent} ${plural(unsupported, 'request')} ended ok without ${upstream}: traffic alone cannot tell a cache from an open breaker; mark fallbacks with x-gateway-fallback`
}

/** A breaker reported under another name than its upstream's would seem to have stayed closed. */
function otherName(plan: Plan, evidence: Evidence, upstream: string): string | undefined {
  if (transitionsOf(evidence, upstream).length > 0) return undefined
  const known = Object.keys(plan.upstreams)
  const foreign = evidence.transitions.map((transition) => transition.upstream).filter((name) => !known.includes(name))
  const meant = foreign.find((name) => bare(name).includes(bare(upstream)))
  return meant === undefined ? undefined : `the gateway reports breaker events of "${meant}", and none of "${upstream}"`
}

/**
 * The first stretch in which a breaker that is otherwise closed was open for a part of the requests, in words; undefined when there is
 * none. A half-open breaker lets a part pass, and workers close one after the other: that is no doubt.
 */
export function openedPartly(run: Case, upstream: string): string | undefined {
  const { partly, evidence } = run
  const closed = spells(evidence, upstream).filter(({ state }) => state === 'closed')
  const doubtful = partly
    ?.get(upstream)
    ?.find(({ fromMs, toMs }) => closed.some((spell) => Math.min(toMs, spell.toMs) - Math.max(fromMs, spell.fromMs) >= PART))
  return doubtful && `${upstream}'s breaker looks ${partlyText(doubtful)}`
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Each transition must begin in the state in which the one before it ended. */
function brokenChain(evidence: Evidence, upstream: string): string | undefined {
  const transitions = transitionsOf(evidence, upstream)
  const at = transitions.findIndex(({ from }, index) => index > 0 && transitions[index - 1]!.to !== from)
  if (at < 0) return undefined
  return `${upstream}'s breaker events do not join: one ends in ${transitions[at - 1]!.to}, the next begins in ${transitions[at]!.from}`
}
