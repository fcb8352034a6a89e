// What `/health` tells of the store that services keep their work in.
import type { Check } from './service.ts'

const messages = {
  healthy: 'it answers',
  unhealthy: 'it cannot be reached',
  unknown: 'it has not been asked yet',
} as const

export function storeCheck(status: keyof typeof messages): Check {
  return { status, message: messages[status] }
}
