// Prometheus metrics, computed when somebody asks. Gauges are read from the breakers at that moment; counters from plain numbers.
// A call pays for neither.
import { DURATION_BUCKETS } from '../upstream/request-counts.ts'
import type { ServiceMetric } from '../services/service.ts'
import type { Upstream } from '../upstream/upstream.ts'

export const METRICS_PATH = '/metrics'

const STATE_VALUE = { closed: 0, half_open: 1, open: 2 } as const

/** Exposition format 0.0.4. The number of series depends on upstreams, outcomes and reasons, not on paths. */
export async function metricsText(
  upstreams: readonly Upstream[],
  own: ReadonlyMap<string, ServiceMetric>,
): Promise<{ contentType: string; text: string }> {
  // Loaded at the first scrape: a gateway starts some 40 ms earlier without it.
  const { Counter, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `gateway_${name}`, help, labelNames, registers })
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name: `gateway_${name}`, help, labelNames, registers })

  const requests = counter('requests_total', 'Client requests by how they ended and why', ['upstream', 'outcome', 'reason'])
  const attempts = counter('attempts_total', 'Attempts made at an upstream', ['upstream'])
  const retries = counter('retries_total', 'Attempts beyond the first of their request', ['upstream'])
  const state = gauge('breaker_state', '0 closed, 1 half-open, 2 open', ['upstream'])
  const transitions = counter('breaker_transitions_total', 'Changes of state', ['upstream', 'to'])
  const admissions = counter('breaker_admissions_total', 'Calls that asked the breaker, by what became of them', ['upstream', 'result'])
  const inUse = gauge('bulkhead_in_use', 'Slots taken', ['upstream'])
  const queued = gauge('bulkhead_queued', 'Calls waiting for a slot', ['upstream'])

  for (const { name: upstream, counts, stack } of upstreams) {
    for (const [outcome, reasons] of counts.requests) {
      for (const [reason, count] of reasons) requests.inc({ upstream, outcome, reason }, count)
    }
    attempts.inc({ upstream }, counts.attempts)
    retries.inc({ upstream }, counts.retries)
    const { breaker, bulkhead } = stack.snapshot()
    if (breaker) {
      state.set({ upstream }, STATE_VALUE[breaker.state])
      for (const [to, count] of Object.entries(counts.transitions)) transitions.inc({ upstream, to }, count)
      for (const [result, count] of Object.entries(breaker.totals)) admissions.inc({ upstream, result }, count)
    }
    if (bulkhead) {
      inUse.set({ upstream }, bulkhead.inUse)
      queued.set({ upstream }, bulkhead.queued)
    }
  }
  for (const [name, { help, read }] of own) {
    const readings = await read()
    // Without a reading nobody knows its labels.
    if (readings.length === 0) continue
    const labels = [...new Set(readings.flatMap((reading) => Object.keys(reading.labels ?? {})))]
    const metric = name.endsWith('_total') ? counter(name, help, labels) : gauge(name, help, labels)
    for (const { labels: of = {}, value } of readings) metric.inc(of, value)
  }
  return { contentType: registry.contentType, text: `${await registry.metrics()}${durationsText(upstreams)}` }
}

// prom-client's histogram costs a hash of its labels per request. Durations are counted in RequestCounts, and only written here.
function durationsText(upstreams: readonly Upstream[]): string {
  const metric = 'gateway_request_duration_seconds'
  const lines = [`# HELP ${metric} Time from a request's head to the head of its answer`, `# TYPE ${metric} histogram`]
  for (const { name, counts } of upstreams) {
    let total = 0
    for (const [at, bound] of [...DURATION_BUCKETS, '+Inf'].entries()) {
      total += counts.durations[at]!
      lines.push(`${metric}_bucket{upstream="${name}",le="${bound}"} ${total}`)
    }
    lines.push(`${metric}_sum{upstream="${name}"} ${counts.durationSum}`, `${metric}_count{upstream="${name}"} ${total}`)
  }
  return `${lines.join('\n')}\n`
}
