// What the journal keeps of an idempotency key. The key may be a secret, and only its sameness matters.
import { hash } from 'node:crypto'

/** The first 16 hex digits of the key's SHA-256. */
export function keyHash(key: string): string {
  return hash('sha256', key).slice(0, 16)
}
