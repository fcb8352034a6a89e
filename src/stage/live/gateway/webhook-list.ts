// Asks the gateway what it lists of its webhooks, page by page, and writes it into the journal. The list is not trusted: it is bounded, and
// what cannot be read is noted.
import { withoutSecrets } from '../../../plan/redact.ts'
import * as z from 'zod'
import { keyHash } from '../../../contract/key-hash.ts'
import { WEBHOOKS_PATH } from '../../../contract/paths.ts'
import type { JournalEvent } from '../../../evidence/events.ts'
import type { WebhookEntry } from '../../../evidence/events/webhooks.ts'
import { realClock } from '../../../kernel/clock.ts'
import { isAboutWebhooks, type Plan } from '../../../plan/plan.ts'
import { pages } from './pages.ts'

const id = z.string().max(200)
const entry = z.looseObject({ reference_id: id, delivery_id: id })
const statuses = z.looseObject({
  webhooks: z.array(z.looseObject({ ...entry.shape, status: z.enum(['pending', 'retrying', 'delivered', 'failed']) })),
  next: id.nullable(),
})
const deadLetters = z.looseObject({ dead_letters: z.array(entry), next: id.nullable() })

/** Whether a criterion is about them. */
export const asksForWebhooks = ({ criteria }: Pick<Plan, 'criteria'>): boolean =>
  criteria.some(({ criterion }) => isAboutWebhooks(criterion))

export async function listWebhooks(gatewayUrl: string, write: (event: JournalEvent) => void, signal: AbortSignal): Promise<void> {
  const tell = (entries: WebhookEntry[], last: boolean): void => write({ type: 'webhooks', t: realClock.now(), entries, last })
  try {
    // Statuses first: what fails while they are read has its letter when these are.
    await pages(gatewayUrl + WEBHOOKS_PATH, statuses, signal, ({ webhooks }) =>
      tell(
        webhooks.map(({ reference_id, delivery_id, status }) => [
          reference_id,
          keyHash(delivery_id),
          status === 'retrying' ? 'pending' : status,
        ]),
        false,
      ),
    )
    await pages(`${gatewayUrl}${WEBHOOKS_PATH}/dead-letters`, deadLetters, signal, ({ dead_letters: letters }) =>
      tell(
        letters.map(({ reference_id, delivery_id }) => [reference_id, keyHash(delivery_id), 'dead_letter']),
        false,
      ),
    )
    tell([], true)
  } catch (error) {
    if (signal.aborted) return
    write({
      type: 'note',
      t: realClock.now(),
      code: 'webhooks_unlisted',
      text: `the gateway's webhooks could not be listed: ${withoutSecrets((error as Error).message).slice(0, 200)}`,
    })
  }
}
