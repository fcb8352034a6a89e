// From the load as written to the load as planned: routes that hold together, and a rate for every phase.
import * as z from 'zod'
import type { Problem } from '../kernel/errors.ts'
import { check, duration, shown, suggest } from '../kernel/validation.ts'
import type { PlannedLoad, PlannedPhase, PlannedRoute } from '../plan/plan.ts'
import type { PhaseInput } from './phases.ts'
import type { CompleteInput } from './system.ts'

const rate = z
  .strictObject({ startPerSecond: z.number().min(0).max(1e6), endPerSecond: z.number().min(0).max(1e6) })
  .refine(({ startPerSecond, endPerSecond }) => startPerSecond + endPerSecond > 0, { error: 'must be above 0 at one end' })

const texts = z.record(z.string(), z.string())

const route = z.strictObject({
  route: z.string().regex(/^\S(?:.*\S)?$/, { error: 'must be a name of at least one letter' }),
  reaches: z.array(z.strictObject({ upstream: z.string(), route: z.string().optional() })),
  weight: z.number().gt(0),
  method: z.string().regex(/^[A-Z]+$/, { error: 'must be a method in capitals, such as "GET"' }),
  paths: z.array(z.string().regex(/^\/\S*$/, { error: 'must begin with a slash and hold no blanks' })).min(1),
  headers: texts,
  identities: z
    .array(z.strictObject({ name: z.string().min(1), headers: texts }))
    .min(1)
    .optional(),
  idempotencyKey: z.boolean().optional(),
  bodies: z.array(z.unknown()),
  expectedStatuses: z.array(z.int().min(100).max(599)).optional(),
  during: z.array(z.string()).optional(),
})

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
  for (const [at, asked] of load.mix.entries()) {
    const path = `load.mix[${at}]`
    if (check(route, asked, path, problems)) checkNames(asked, path, Object.keys(upstreams), phases, problems)
    if (load.mix.findIndex((other) => other.route === asked.route) < at)
      problems.push({ path: `${path}.route`, message: `${shown(asked.route)} is taken by an earlier route; give each a name of its own` })
  }
  const pieces = phases.map(({ startMs, endMs }, at) => {
    const { rate: own, probes, saturation } = written[at] ?? {}
    if (probes === 'alone' || saturation) return { fromMs: startMs, toMs: endMs, startPerSecond: 0, endPerSecond: 0 }
    const { startPerSecond, endPerSecond } = (own ? check(rate, own, `phases[${at}].rate`, problems) : common) ?? {
      startPerSecond: 0,
      endPerSecond: 0,
    }
    return { fromMs: startMs, toMs: endMs, startPerSecond, endPerSecond }
  })
  return { arrivals: load.arrivals ?? 'poisson', rate: pieces, mix: load.mix, timeoutMs }
}

function checkNames(asked: PlannedRoute, path: string, known: string[], phases: readonly PlannedPhase[], problems: Problem[]): void {
  for (const [at, { upstream }] of asked.reaches.entries())
    if (!known.includes(upstream))
      problems.push({ path: `${path}.reaches[${at}]`, message: `unknown upstream "${upstream}"${suggest(upstream, known)}` })
  const names = phases.map(({ name }) => name)
  for (const phase of asked.during ?? [])
    if (!names.includes(phase)) problems.push({ path: `${path}.during`, message: `unknown phase "${phase}"${suggest(phase, names)}` })
}
