// Service `health`: whether the gateway lives, takes requests, and what each of its dependencies does.
//
//   GET /health/            status, and each dependency's      GET /health/liveness     the process answers: never about an upstream
//   GET /health/detailed    the same with the breakers         GET /health/readiness    it takes requests
//   GET /health/metrics     counts, as JSON                    GET /health/debug        in debug mode only
import type { FastifyInstance } from 'fastify'
import { wallClock } from '../../../kernel/clock.ts'
import type { Check, ServiceMeans, ServiceUpstream } from '../service.ts'
import type { HealthSettings } from './settings.ts'

export interface HealthBody {
  status: 'healthy' | 'degraded' | 'unhealthy'
  /** ISO 8601, UTC. */
  timestamp: string
  service: string
  /** By dependency. */
  checks: Record<string, Check>
}

const BY_STATE = { closed: 'healthy', half_open: 'degraded', open: 'unhealthy' } as const

export function health(app: FastifyInstance, means: ServiceMeans<HealthSettings>): void {
  const { settings, clock, isStopping, upstreams } = means
  const began = clock.now()
  const who = () => ({ timestamp: wallClock().toISOString(), service: settings.service })
  const about = (summary: string, audience: 'probes' | 'operators') => ({ schema: { summary, tags: ['health'] }, config: { audience } })

  const body = async (): Promise<HealthBody> => {
    const checks = await allChecks(means)
    return { status: overall(Object.values(checks)), ...who(), checks }
  }
  for (const path of ['/health', '/health/'])
    app.get(path, about('Status, and that of each dependency', 'probes'), async (_request, reply) => {
      const { checks, ...rest } = await body()
      const brief = Object.fromEntries(Object.entries(checks).map(([name, { status }]) => [name, { status }]))
      return reply.code(statusCode(rest.status)).send({ ...rest, checks: brief })
    })
  app.get('/health/detailed', about('Each dependency, with its breaker', 'operators'), async (_request, reply) => {
    const detailed = await body()
    return reply.code(statusCode(detailed.status)).send(detailed)
  })
  // To restart a gateway does not repair an upstream.
  app.get('/health/liveness', about('Alive: the process answers', 'probes'), () => ({ status: 'alive', ...who() }))
  app.get('/health/readiness', about('Ready: it takes requests', 'probes'), (_request, reply) => {
    const stopping = isStopping()
    return reply.code(stopping ? 503 : 200).send({ status: stopping ? 'stopping' : 'ready', ...who() })
  })
  const own = () => ({ uptime_seconds: Math.round((clock.now() - began) / 1000), memory_bytes: process.memoryUsage.rss() })
  app.get('/health/metrics', about('Counts of requests by upstream', 'operators'), () => ({
    ...who(),
    ...own(),
    upstreams: Object.fromEntries(upstreams.map((upstream) => [upstream.name, countsOf(upstream)])),
  }))
  if (!settings.debug) return
  app.get('/health/debug', about('What it runs on, and with which policies', 'operators'), () => ({
    ...who(),
    ...own(),
    node: process.version,
    pid: process.pid,
    upstreams: Object.fromEntries(upstreams.map(({ name, stack }) => [name, { policies: stack.policies, now: stack.snapshot() }])),
  }))
}

async function allChecks({ upstreams, breakers, checks }: ServiceMeans<HealthSettings>): Promise<Record<string, Check>> {
  const ofUpstreams = upstreams.map(({ name }): [string, Check] => {
    const breaker = breakers.one(name)
    return [name, breaker ? { status: BY_STATE[breaker.state], circuit_breaker: breaker } : { status: 'unknown', circuit_breaker: null }]
  })
  const ofParts = await Promise.all([...checks].map(async ([name, look]): Promise<[string, Check]> => [name, await look()]))
  return Object.fromEntries([...ofUpstreams, ...ofParts])
}

/** Unhealthy when more than half of what is watched is. */
function overall(checks: readonly Check[]): HealthBody['status'] {
  const watched = checks.filter(({ status }) => status !== 'unknown')
  const down = watched.filter(({ status }) => status === 'unhealthy').length
  if (down > watched.length / 2) return 'unhealthy'
  return watched.every(({ status }) => status === 'healthy') ? 'healthy' : 'degraded'
}

const statusCode = (status: HealthBody['status']): number => (status === 'unhealthy' ? 503 : 200)

function countsOf({ counts }: ServiceUpstream) {
  const requests = Object.fromEntries([...counts.requests].map(([outcome, reasons]) => [outcome, sum(reasons.values())]))
  return { requests, attempts: counts.attempts, retries: counts.retries, breaker_transitions: counts.transitions }
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, each) => total + each, 0)
}
