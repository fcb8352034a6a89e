// goodput().of('gemini').during('outage').counting('ok', 'fallback').above('99%')
import type { Outcome } from '../../contract/outcome.ts'
import type { Scope } from '../criterion.ts'
import { type Share, type UpstreamRef, type WrittenCriterion, during, nameOf, share, written } from './written.ts'

export interface GoodputCriterion {
  of(upstream: UpstreamRef): GoodputCriterion
  during(...phases: string[]): GoodputCriterion
  /** Which outcomes count as good; without this: ok alone. */
  counting(...outcomes: Outcome[]): GoodputCriterion
  above(limit: Share): WrittenCriterion
}

export function goodput(scope: Scope = {}, outcomes: Outcome[] = ['ok']): GoodputCriterion {
  return {
    of: (upstream) => goodput({ ...scope, upstream: nameOf(upstream) }, outcomes),
    during: (...phases) => goodput({ ...scope, ...during(phases) }, outcomes),
    counting: (...good) => goodput(scope, good),
    above: (limit) => written({ kind: 'goodput', outcomes, above: share(limit), ...scope }),
  }
}
