// Asks the gateway what it lists of its long operations, and writes it into the journal. What cannot be read is noted.
import * as z from 'zod'
import { OPERATIONS_PATH } from '../../../contract/paths.ts'
import { operationStandings } from '../../../evidence/events/operations.ts'
import type { JournalEvent } from '../../../evidence/events.ts'
import { realClock } from '../../../kernel/clock.ts'
import { isAboutOperations, type Plan } from '../../../plan/plan.ts'
import { withoutSecrets } from '../../../plan/redact.ts'
import { pages } from './pages.ts'

const id = z.string().max(200)
const page = z.looseObject({
  operations: z.array(z.looseObject({ operation_id: id, status: z.enum(operationStandings) })),
  next: id.nullable(),
})

/** Whether a criterion is about them. */
export const asksForOperations = ({ criteria }: Pick<Plan, 'criteria'>): boolean =>
  criteria.some(({ criterion }) => isAboutOperations(criterion))

export async function listOperations(gatewayUrl: string, write: (event: JournalEvent) => void, signal: AbortSignal): Promise<void> {
  try {
    await pages(gatewayUrl + OPERATIONS_PATH, page, signal, ({ operations }) =>
      write({
        type: 'operations',
        t: realClock.now(),
        entries: operations.map(({ operation_id, status }) => [operation_id, status]),
        last: false,
      }),
    )
    write({ type: 'operations', t: realClock.now(), entries: [], last: true })
  } catch (error) {
    if (signal.aborted) return
    const text = `the gateway's operations could not be listed: ${withoutSecrets((error as Error).message).slice(0, 200)}`
    write({ type: 'note', t: realClock.now(), code: 'operations_unlisted', text })
  }
}
