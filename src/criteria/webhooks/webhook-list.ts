// What criteria of webhooks share: which requests are accepted webhooks, and whether the gateway's list is known.
import * as z from 'zod'
import type { WebhookCell } from '../../evidence/fold/webhooks.ts'
import type { Plan } from '../../plan/plan.ts'
import type { CriterionProblem } from '../criterion.ts'
import type { Case } from '../finding/raw-finding.ts'
import { wholeRun } from '../measure/scope.ts'

export const ofRoute = { route: z.string() }

export function needsRoute({ route }: { route: string }, { load }: Plan): CriterionProblem[] {
  const known = load.mix.map((each) => each.route)
  return known.includes(route) ? [] : [{ at: 'route', message: `no route "${route}" in the load; known: ${known.join(', ')}` }]
}

/** What is known of the route's webhooks, or why nothing is. */
export function webhooksOf(run: Case, route: string): { cell: WebhookCell | undefined; base: ReturnType<typeof baseOf>; missing?: string } {
  const { webhooks, notes } = run.evidence
  const cell = webhooks.routes.find((each) => each.route === route)
  const base = baseOf(run, cell?.accepted ?? 0)
  if (!cell) return { cell, base, missing: `no request of ${route} was answered with 202` }
  if (webhooks.isListed) return { cell, base }
  return { cell, base, missing: notes.find(({ code }) => code === 'webhooks_unlisted')?.text ?? 'the gateway was not asked for its list' }
}

function baseOf({ plan }: Case, n: number) {
  return { n, interval: null, bound: 0, unit: 'requests', window: wholeRun(plan) } as const
}
