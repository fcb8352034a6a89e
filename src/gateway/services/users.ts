// Whom a client's request is made for, as services know it. The service `quotas` says who that is and what each user may have; without it
// every request is nobody's, and nobody is limited.
import type { FastifyRequest } from 'fastify'

export interface Users {
  /** Undefined: requests are not told apart. `''`: the request names nobody. @throws Refused when the name cannot be one */
  of: (request: FastifyRequest) => string | undefined
  /** Operations of one user that may be processing at once. */
  operationsAtMost: number
  /** How many they are now; set by the service that keeps them. */
  operationsOf?: (user: string) => Promise<number>
}

/** Until a service says more. */
export function anybody(): Users {
  return { of: () => undefined, operationsAtMost: Number.POSITIVE_INFINITY }
}
