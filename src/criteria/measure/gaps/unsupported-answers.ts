// Answers that clients took for good ones, and what they stand on, decided request by request.
//
//   ok ── an attempt of that request was answered whole and well ─▶ supported
//      ── an attempt was answered, but the fake spoiled the answer ▶ spoiled: an error, whatever its status
//      ── neither ─────────────────────────────────────────────────▶ unsupported: a 200 error page, an unmarked fallback, a made-up answer
import type { Evidence } from '../../../evidence/evidence.ts'
import { count, plural } from '../../../kernel/wording.ts'
import type { Cause } from '../../finding/cause.ts'
import type { Case, RawFinding, Result } from '../../finding/raw-finding.ts'
import { countIn, requestsIn } from '../scope.ts'
import { unjoinedIn } from './unjoined-attempts.ts'

type Phases = readonly string[]

/** How many ok requests stand on nothing, at least. Without an upstream: of all. */
export function unsupportedIn(run: Case, upstream: string | undefined, phases: Phases): number {
  const { evidence } = run
  const cells = okIn(evidence, upstream, phases)
  const unsupported = cells.reduce((total, { standing }) => total + standing.nothing, 0)
  const reached = [...new Set(cells.flatMap(({ reaches }) => reaches))]
  if (unsupported === 0 || reached.every((name) => unjoinedIn(run, { upstream: name, phases }) === 0)) return unsupported
  // An unjoined attempt may belong to any request. Every good answer that no request has may support one of these.
  const good = reached.reduce((total, name) => total + goodAnswers(evidence, name, phases), 0)
  const spare = good - cells.reduce((total, { standing }) => total + standing.good, 0)
  // Such an attempt is counted in the phase in which it arrived, which may be the next one.
  return Math.max(0, unsupported - spare - (evidence.load?.mostInFlight ?? 0))
}

/** How many ok requests got an answer that the fake had spoiled: cut off, malformed. */
export function spoiledIn(evidence: Evidence, upstream: string | undefined, phases: Phases): number {
  return okIn(evidence, upstream, phases).reduce((total, { standing }) => total + standing.spoiled, 0)
}

/** "failed", and how many of them only the upstream knows of. */
export function failedText(spoiled: number): string {
  return spoiled === 0 ? 'failed' : `failed (${count(spoiled)} ok by status, with an answer that the upstream had spoiled)`
}

/** The finding, undecided where it holds only if all unsupported answers were as good as they looked. */
export function doubtUnsupported<Given extends Cause>(
  raw: RawFinding<Given | 'contradiction'>,
  unsupported: number,
  atWorst: () => Result,
): RawFinding<Given | 'contradiction'> {
  if (raw.result !== 'pass' || unsupported === 0 || atWorst() === 'pass') return raw
  const [were, them] = unsupported === 1 ? ['was', 'it'] : ['were', 'them']
  const why = `${plural(unsupported, 'answer')} ${were} ok by status, with no good answer of the upstream behind ${them}; an error must not answer 200, a fallback must say so (x-gateway-fallback) (so far: ${raw.why})`
  return { ...raw, result: 'inconclusive', cause: 'contradiction', why }
}

/** Requests for the upstream that ended ok, and its good answers. */
export function answersOf(evidence: Evidence, upstream: string, phases: Phases): { ok: number; good: number } {
  return { ok: countIn(requestsIn(evidence, { upstream, phases }), ['ok']), good: goodAnswers(evidence, upstream, phases) }
}

export function answersText({ ok, good }: { ok: number; good: number }, upstream: string): string {
  return `${count(ok)} requests for ${upstream} ended ok, and it gave ${plural(good, 'good answer')}`
}

const okIn = (evidence: Evidence, upstream: string | undefined, phases: Phases) =>
  requestsIn(evidence, { upstream, phases }).filter(({ outcome }) => outcome === 'ok')

function goodAnswers(evidence: Evidence, upstream: string, phases: Phases): number {
  const cells = evidence.answers.filter((cell) => cell.upstream === upstream && phases.includes(cell.phase))
  return cells.reduce((total, { good }) => total + good, 0)
}
