// webhooks('send').conserved() .deliveredOnce() .outliveRestart() .notAfterRefusal() .refusedDuring(…): what becomes of the webhooks that a route of the load asks the gateway to
// deliver. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { webhooksConserved } from './conserved.ts'
import { webhooksOnce } from './delivered-once.ts'
import { webhooksNotAfterRefusal } from './not-after-refusal.ts'
import { webhooksOutlive } from './outlive-restart.ts'
import { webhooksRefused } from './refused-during.ts'

export const webhookCriteria = byKind([webhooksConserved, webhooksOnce, webhooksOutlive, webhooksNotAfterRefusal, webhooksRefused])

const steps = buildersOf(webhookCriteria)

export type WebhookCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> }

/** `route`: its name in the load. */
export function webhooks(route: string): WebhookCriteria {
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step(route)])) as WebhookCriteria
}
