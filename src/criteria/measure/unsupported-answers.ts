// Answers that clients took for good ones although the upstream gave none for them: an error with status 200, a fallback that does
// not say so, an answer made up. The load generator sees a status, and the fake what it answered; more of the former than of the
// latter cannot be.
import type { Evidence } from '../../evidence/evidence.ts'
import type { Cause } from '../cause.ts'
import type { RawFinding } from '../raw-finding.ts'
import { arrivalsIn, countIn, requestsIn } from './scope.ts'
import { count, plural } from '../../kernel/wording.ts'
import type { Result } from '../raw-finding.ts'

/** How many there are at least, in these phases. */
export function unbackedIn(evidence: Evidence, upstream: string | undefined, phases: readonly string[]): number {
  const concerned = upstream === undefined ? [...new Set(evidence.requests.flatMap((cell) => cell.reaches))] : [upstream]
  return concerned.reduce((total, name) => total + unbackedBy(evidence, name, phases), 0)
}

/** The ruling, undecided where it holds only if all of them were as good as they looked. */
export function doubtUnbacked<Case extends Cause>(
  ruling: RawFinding<Case | 'contradiction'>,
  unbacked: number,
  atWorst: () => Result,
): RawFinding<Case | 'contradiction'> {
  if (ruling.result !== 'pass' || unbacked === 0 || atWorst() === 'pass') return ruling
  const why = `${plural(unbacked, 'answer')} ${unbacked === 1 ? 'was' : 'were'} ok by status, with no good answer of the upstream behind ${unbacked === 1 ? 'it' : 'them'}; an error must not answer 200, a fallback must say so (x-gateway-fallback) (so far: ${ruling.why})`
  return { ...ruling, result: 'inconclusive', cause: 'contradiction', why }
}

/** All that ended ok, and what the upstream had answered well. */
export function backing(evidence: Evidence, upstream: string, phases: readonly string[]): { ok: number; good: number } {
  const arrivals = arrivalsIn(evidence, { upstream, phases })
  const answers = evidence.answers.filter((cell) => cell.upstream === upstream && phases.includes(cell.phase))
  const arrived = arrivals.reduce((total, cell) => total + cell.count, 0)
  const good = answers.reduce((total, cell) => total + cell.good, 0)
  // A journal without departures tells only what arrived.
  return { ok: countIn(requestsIn(evidence, { upstream, phases }), ['ok']), good: answers.length === 0 ? arrived : good }
}

export function backingText({ ok, good }: { ok: number; good: number }, upstream: string): string {
  return `${count(ok)} requests for ${upstream} ended ok, and it gave ${plural(good, 'good answer')}`
}

function unbackedBy(evidence: Evidence, upstream: string, phases: readonly string[]): number {
  const { ok, good } = backing(evidence, upstream, phases)
  // What hides its client's id is counted in the phase in which it arrived, which may be the next one.
  const anonymous = arrivalsIn(evidence, { upstream, phases: evidence.phases.map(({ phase }) => phase) }).some(
    ({ byAttempt }) => byAttempt[0],
  )
  const slack = anonymous ? (evidence.load?.mostInFlight ?? 0) : 0
  return Math.max(0, ok - good - slack)
}
