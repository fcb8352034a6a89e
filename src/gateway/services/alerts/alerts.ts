// Service `alerts`: tells when something needs a person, and when it no longer does.
//
//   the event stream: {"type":"alert","rule":"breaker_open","severity":"critical","edge":"start","subject":"gemini",…}
//   GET /alerts: those that are on            /metrics: gateway_alerts{rule,severity,subject} 1
import type { FastifyInstance } from 'fastify'
import { wallTime } from '../../../kernel/clock.ts'
import type { Check, ServiceMeans } from '../service.ts'
import type { Figures } from './rules.ts'
import type { AlertsSettings } from './settings.ts'
import { AlertWatch } from './watch.ts'

export function alerts(app: FastifyInstance, means: ServiceMeans<AlertsSettings>): void {
  const { settings, clock, events, log, metrics } = means
  const watch = new AlertWatch(settings)
  const ending = new AbortController()
  const look = async (): Promise<void> => {
    const figures = await figuresOf(means)
    const t = clock.now()
    for (const { rule, severity, subject, edge } of watch.look(figures, t)) {
      events.tell({ type: 'alert', t, rule, severity, edge, subject })
      log[edge === 'start' ? 'error' : 'info']({ rule, severity, subject }, edge === 'start' ? 'alert' : 'alert is over')
    }
  }
  const follow = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await look().catch((error: unknown) => log.error({ err: error }, 'the alert rules could not be looked at'))
      await clock.sleep(settings.every, ending.signal).catch(() => {})
    }
  }
  const about = { schema: { summary: 'Alerts that are on', tags: ['operators'] }, config: { audience: 'operators' as const } }
  app.get('/alerts', about, () => ({
    alerts: watch.active.map(({ since, ...alert }) => ({ ...alert, since: new Date(wallTime() - (clock.now() - since)).toISOString() })),
  }))
  metrics.set('alerts', {
    help: 'Alerts that are on',
    read: () => watch.active.map(({ rule, severity, subject }) => ({ labels: { rule, severity, subject }, value: 1 })),
  })
  app.addHook('onReady', async () => void follow())
  app.addHook('onClose', async () => ending.abort())
}

async function figuresOf({ breakers, checks, upstreams, metrics }: ServiceMeans<AlertsSettings>): Promise<Figures> {
  const looked = await Promise.all([...checks].map(async ([name, check]) => ({ name, status: (await check()).status })))
  const partsThatAre = (wanted: Check['status']): string[] => looked.flatMap(({ name, status }) => (status === wanted ? [name] : []))
  const partsDown = partsThatAre('unhealthy')
  return {
    breakers: breakers.snapshots(),
    partsDown,
    partsDegraded: partsThatAre('degraded'),
    isUnhealthy: partsDown.length > 0 || breakers.health().status === 'critical',
    counts: {
      attempts: new Map(upstreams.map(({ name, counts }) => [name, counts.attempts])),
      retries: new Map(upstreams.map(({ name, counts }) => [name, counts.retries])),
      deadLetters: await counted('webhooks_total', { status: 'failed' }),
      webhookFailures: (await counted('webhook_attempts_total')) - (await counted('webhooks_total', { status: 'delivered' })),
      stuckOperations: await counted('operations_total', { event: 'stuck' }),
    },
  }

  /** 0 where no service counts it. */
  async function counted(metric: string, wanted: Readonly<Record<string, string>> = {}): Promise<number> {
    const readings = (await metrics.get(metric)?.read()) ?? []
    const isWanted = (labels: Readonly<Record<string, string>> = {}): boolean =>
      Object.entries(wanted).every(([label, value]) => labels[label] === value)
    return readings.reduce((total, { labels, value }) => (isWanted(labels) ? total + value : total), 0)
  }
}
