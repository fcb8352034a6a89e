// Whether the planned load was sent and its results recorded. Missing requests count as the slowest and as failing ones.
import { oncePerRun } from '../../criteria/measure/once-per-run.ts'
import { countIn, requestsIn } from '../../criteria/measure/scope.ts'
import { count, share } from '../../kernel/wording.ts'
import type { Case, Window } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { atHalfRate, placed } from '../remedy/again.ts'
import { isComplete } from '../../criteria/measure/fault-window.ts'

const MIN_DELIVERED = 0.99

interface Delivery {
  phase: string
  planned: number
  recorded: number
}

/** The phase of the window that lacks most of its load; undefined while every phase has enough. */
export function missingLoad(run: Case, window: Window): Delivery | undefined {
  const worst = worstDelivery(run, window.phases)
  return worst && delivered(worst) < MIN_DELIVERED ? worst : undefined
}

export function deliveryText({ phase, planned, recorded }: Delivery): string {
  return `${phase} got ${count(recorded)} of ${count(planned)} planned requests`
}

export function loadDelivered(run: Case): ValidityCheck[] {
  const judged = run.plan.phases.filter((phase) => !phase.warmUp).map((phase) => phase.name)
  const worst = worstDelivery(run, judged)
  // An interrupted run may have finished no phase, and then has no share to tell. Another check says that it did not finish.
  if (!worst && !isComplete(run.evidence)) return []
  const ok = worst !== undefined && delivered(worst) >= MIN_DELIVERED
  return [
    {
      id: 'load_delivered',
      ok,
      sentence: worst
        ? `${deliveryText(worst)} (${share(delivered(worst))}), the least of all phases`
        : 'the plan sends nothing in any judged phase',
      measured: worst ? delivered(worst) : null,
      bound: MIN_DELIVERED,
      unit: 'ratio',
      bias: 'blind',
      remedy: ok ? null : worst ? `lower the rate: ${atHalfRate(run)}` : `let the judged phases have load: edit ${placed(run, 'load')}`,
    },
  ]
}

/** In an unfinished run, only phases whose requests have all ended are counted. */
function worstDelivery(run: Case, phases: readonly string[]): Delivery | undefined {
  const { plan, evidence } = run
  const settledMs = isComplete(evidence) ? Number.POSITIVE_INFINITY : evidence.end.atMs - plan.load.timeoutMs
  return plan.phases
    .filter(({ name, endMs }) => phases.includes(name) && endMs <= settledMs)
    .map(({ name }) => deliveryOf(run, name))
    .filter(({ planned }) => planned > 0)
    .toSorted((a, b) => delivered(a) - delivered(b))[0]
}

const deliveryOf = oncePerRun(({ evidence }, name): Delivery => {
  const planned = evidence.planned.filter(({ phase }) => phase === name)
  return {
    phase: name,
    planned: planned.reduce((total, { requests }) => total + requests, 0),
    recorded: countIn(requestsIn(evidence, { phases: [name] })),
  }
})

const delivered = ({ planned, recorded }: Delivery): number => recorded / planned
