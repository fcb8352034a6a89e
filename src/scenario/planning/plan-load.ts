// From the load as written to the load as planned: routes that hold together, and a rate for every phase.
import * as z from 'zod'
import type { Problem } from '../../kernel/errors.ts'
import { check, duration } from '../../kernel/validation.ts'
import type { PlannedLoad, PlannedPhase, PlannedRoute } from '../../plan/plan.ts'
import { checkRoutes } from './check-routes.ts'
import type { PhaseInput } from '../phases.ts'
import type { CompleteInput } from '../system.ts'

const rate = z
  .strictObject({ startPerSecond: z.number().min(0).max(1e6), endPerSecond: z.number().min(0).max(1e6) })
  .refine(({ startPerSecond, endPerSecond }) => startPerSecond + endPerSecond > 0, { error: 'must be above 0 at one end' })

const positiveSpan = duration.refine((ms) => ms > 0, { error: 'must be above 0' })

export function planLoad(
  { load, upstreams }: CompleteInput,
  written: readonly PhaseInput[],
  phases: readonly PlannedPhase[],
  problems: Problem[],
): PlannedLoad {
  const common = check(rate, load.rate, 'load.rate', problems)
  const timeoutMs = check(positiveSpan, load.timeout ?? '10s', 'load.timeout', problems) ?? 0
  if (load.mix.length === 0) problems.push({ path: 'load.mix', message: 'there must be at least one kind of request' })
  const known = { upstreams, phases: phases.map(({ name }) => name) }
  checkRoutes(load.mix, 'load.mix', known, problems)
  const pieces = phases.map(({ startMs, endMs }, at) => {
    const { rate: own, probes, saturation } = written[at] ?? {}
    if (probes === 'alone' || saturation) return { fromMs: startMs, toMs: endMs, startPerSecond: 0, endPerSecond: 0 }
    const { startPerSecond, endPerSecond } = (own ? check(rate, own, `phases[${at}].rate`, problems) : common) ?? {
      startPerSecond: 0,
      endPerSecond: 0,
    }
    return { fromMs: startMs, toMs: endMs, startPerSecond, endPerSecond }
  })
  return { arrivals: load.arrivals ?? 'poisson', rate: pieces, mix: load.mix.map((route) => withItsTime(route, phases)), timeoutMs }
}

/** What is sent once has its time from its phase. */
function withItsTime(route: PlannedRoute, phases: readonly PlannedPhase[]): PlannedRoute {
  const begins = phases.find(({ name }) => name === route.once)
  return begins ? { ...route, weight: 0, probe: { fromMs: begins.startMs, everyMs: 1, count: 1 } } : route
}
