// Whether the load that was planned was also sent. What is missing would have been the slowest and the failing requests.
import { formatShare } from '../../criteria/criterion-text.ts'
import { countIn, requestsIn } from '../../criteria/measure/scope.ts'
import { grouped } from '../../kernel/wording.ts'
import type { Given, Window } from '../../criteria/ruling.ts'
import type { Guard } from '../verdict.ts'
import { isComplete } from './journal.ts'

const LEAST_DELIVERED = 0.99

interface Delivery {
  phase: string
  planned: number
  recorded: number
}

/** The phase of the window that misses more of its load than is allowed, and most of all. */
export function missingLoad(given: Given, window: Window): Delivery | undefined {
  const worst = worstDelivery(given, window.phases)
  return worst && share(worst) < LEAST_DELIVERED ? worst : undefined
}

export function deliveryText({ phase, planned, recorded }: Delivery): string {
  return `${phase} got ${grouped(recorded)} of ${grouped(planned)} planned requests`
}

export function loadDelivered(given: Given): Guard[] {
  const judged = given.plan.phases.filter((phase) => !phase.warmUp).map((phase) => phase.name)
  const worst = worstDelivery(given, judged)
  // An interrupted run that finished no phase has no share to speak of; that it did not finish is said elsewhere.
  if (!worst && !isComplete(given.evidence)) return []
  const ok = worst !== undefined && share(worst) >= LEAST_DELIVERED
  return [
    {
      id: 'load_delivered',
      ok,
      sentence: worst
        ? `${deliveryText(worst)} (${formatShare(share(worst))}), the least of all phases`
        : 'the plan sends nothing in any judged phase',
      measured: worst ? share(worst) : null,
      bound: LEAST_DELIVERED,
      unit: 'ratio',
      bias: 'blind',
      remedy: ok ? null : 'lower the rate, or give the load generator more processor time',
    },
  ]
}

/** Of an unfinished run, only phases whose requests have all ended can be counted. */
function worstDelivery({ plan, evidence }: Given, phases: readonly string[]): Delivery | undefined {
  const settledMs = isComplete(evidence) ? Number.POSITIVE_INFINITY : evidence.end.atMs - plan.load.timeoutMs
  return plan.phases
    .filter(({ name, endMs }) => phases.includes(name) && endMs <= settledMs)
    .map(({ name }) => ({
      phase: name,
      planned: evidence.planned.filter(({ phase }) => phase === name).reduce((total, { requests }) => total + requests, 0),
      recorded: countIn(requestsIn(evidence, { phases: [name] })),
    }))
    .filter(({ planned }) => planned > 0)
    .toSorted((a, b) => share(a) - share(b))[0]
}

const share = ({ planned, recorded }: Delivery): number => recorded / planned
