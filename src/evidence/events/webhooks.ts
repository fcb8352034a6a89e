// One page of what the gateway lists of its webhooks, asked for when the load was over.
import { defineJoined, flag, structure } from './event.ts'

export const webhookStandings = ['pending', 'delivered', 'failed', 'dead_letter'] as const
export type WebhookStanding = (typeof webhookStandings)[number]

/** The reference, the first 16 hex digits of the SHA-256 of the delivery id, and where it stands. `failed`: its status; `dead_letter`: its letter. */
export type WebhookEntry = [reference: string, key: string, standing: WebhookStanding]

const known: ReadonlySet<unknown> = new Set(webhookStandings)
const isEntry = (entry: unknown): boolean =>
  Array.isArray(entry) && entry.length === 3 && typeof entry[0] === 'string' && typeof entry[1] === 'string' && known.has(entry[2])

export const webhooks = defineJoined({
  entries: structure<WebhookEntry[]>((entries) => Array.isArray(entries) && entries.every(isEntry)),
  /** The last page: nothing is missing. */
  last: flag,
})
