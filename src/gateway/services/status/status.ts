// Service `status`: GET /v1/api/status/services tells operators what each of the gateway's clients is doing, one entry a client.
import type { FastifyInstance } from 'fastify'
import type { BreakerState } from '../../../contract/breaker-events.ts'
import type { ServiceMeans, ServiceUpstream } from '../service.ts'

export interface ClientStatus {
  /** Null where the client has no breaker. */
  state: BreakerState | null
  /** Whether it asks its upstream at all. */
  available: boolean
  failure_count: number
  failure_threshold: number | null
  /** ISO 8601, UTC. */
  opened_at: string | null
  last_failure_time: string | null
  recovery_timeout_seconds: number | null
  timeout_seconds: number
  /** Attempts of one call, the first included. */
  max_attempts: number
}

export function status(app: FastifyInstance, { upstreams, breakers }: Pick<ServiceMeans<object>, 'upstreams' | 'breakers'>): void {
  const of = ({ name, stack: { policies } }: ServiceUpstream): ClientStatus => {
    const seen = breakers.one(name)
    return {
      state: seen?.state ?? null,
      available: seen?.state !== 'open',
      failure_count: seen?.failure_count ?? 0,
      failure_threshold: seen?.failure_threshold ?? null,
      opened_at: seen?.opened_at ?? null,
      last_failure_time: seen?.last_failure_time ?? null,
      recovery_timeout_seconds: policies.breaker ? policies.breaker.recovery / 1000 : null,
      timeout_seconds: policies.timeout.attempt / 1000,
      max_attempts: policies.retry?.attempts ?? 1,
    }
  }
  const about = {
    schema: { summary: 'What each client of the gateway is doing', tags: ['operators'] },
    config: { audience: 'operators' },
  } as const
  app.get('/v1/api/status/services', about, () => Object.fromEntries(upstreams.map((upstream) => [upstream.name, of(upstream)])))
}
