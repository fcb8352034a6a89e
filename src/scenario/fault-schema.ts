// Faults from written to planned form: spans parsed, every field checked, unknown ones refused.
import * as z from 'zod'
import type { Problem } from '../kernel/errors.ts'
import { check, duration, suggest } from '../kernel/validation.ts'
import { hitsSchema, requestFaultSchema } from '../faults/request-fault-schema.ts'
import { faultKinds } from '../faults/requests.ts'
import type { ExtendedToxicSpec, ToxicSpec, ToxicStream } from '../toxiproxy/toxics/toxic-spec.ts'
import type { Latency } from '../faults/request-fault.ts'
import type { FaultInput } from './faults.ts'
import type { PlannedFault } from '../plan/plan.ts'

const latencySpan = z.union([
  duration.transform((ms): Latency => ({ is: 'fixed', ms })),
  z
    .strictObject({ median: duration, sigma: z.number().min(0) })
    .transform(({ median, sigma }): Latency => ({ is: 'log_normal', medianMs: median, sigma })),
  z
    .strictObject({ min: duration, max: duration })
    .refine(({ min, max }) => min <= max, { error: 'min must not be above max' })
    .transform(({ min, max }): Latency => ({ is: 'uniform', minMs: min, maxMs: max })),
])

// Written spans become milliseconds here; everything else about a request fault is the upstreams' own schema to judge.
const spans: Record<string, z.ZodType<Record<string, unknown>>> = {
  latency: z.looseObject({ latency: latencySpan }),
  drip: z.looseObject({ interval: duration }).transform(({ interval, ...rest }) => ({ ...rest, intervalMs: interval })),
}

// Ranges within which a server behaves (outside them a real one crashes or wraps around).
const whole = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const toxicAttributes = {
  latency: z.strictObject({ latency: whole, jitter: whole.optional() }),
  bandwidth: z.strictObject({ rate: whole }),
  slow_close: z.strictObject({ delay: whole }),
  timeout: z.strictObject({ timeout: whole }),
  reset_peer: z.strictObject({ timeout: whole }),
  slicer: z
    .strictObject({ average_size: whole.min(1), size_variation: whole.optional(), delay: whole.optional() })
    .refine(({ average_size, size_variation = 0 }) => size_variation < average_size, {
      error: 'size_variation must be below average_size',
    }),
  limit_data: z.strictObject({ bytes: whole }),
  // Of the embedded server alone; a run on another is refused before it starts.
  jitter: z.strictObject({ latency: whole, jitter: whole, distribution: z.enum(['normal', 'pareto', 'log_normal', 'uniform']).optional() }),
  packet_loss: z.strictObject({ loss_rate: z.number().min(0).max(1), correlation: z.number().min(0).max(1).optional() }),
  shared_bandwidth: z.strictObject({ rate: whole }),
  limit_time: z.strictObject({ time: whole }),
} satisfies Partial<Record<(ToxicSpec | ExtendedToxicSpec)['type'], z.ZodType>>

// What a fake does per request is better done there.
const elsewhere: Record<string, string> = {
  fail_first: 'use disconnect(…, { first: N }), which counts requests: connections are shared with the probe that watches the fault',
  down: 'use cut(…)',
}

/** The fault in planned form, one for each direction; none, with problems added, where it is not accepted. */
export function planFault(input: FaultInput, path: string, problems: Problem[]): PlannedFault['fault'][] {
  const before = problems.length
  if (input.made === 'upstream') {
    const { is } = input.fault
    const known = Object.keys(faultKinds)
    if (!known.includes(is)) problems.push({ path: `${path}.fault`, message: `unknown fault "${is}"${suggest(is, known)}` })
    const converted = spans[is] ? check(spans[is], input.fault, path, problems) : input.fault
    if (problems.length > before) return []
    const fault = check(requestFaultSchema, converted, path, problems)
    const hits = check(hitsSchema, input.hits, path, problems)
    return fault && hits ? [{ made: 'upstream', fault, hits }] : []
  }
  if (input.is === 'down') return [{ made: 'network', is: 'down' }]
  const { type, attributes } = input.toxic
  const schema = Object.hasOwn(toxicAttributes, type) && toxicAttributes[type as keyof typeof toxicAttributes]
  if (!schema) {
    const instead = Object.hasOwn(elsewhere, type) ? `"${type}" is no toxic for scenarios; ${elsewhere[type]}` : undefined
    problems.push({ path: `${path}.toxic`, message: instead ?? `unknown toxic "${type}"${suggest(type, Object.keys(toxicAttributes))}` })
  }
  const parsed = schema ? check(schema, attributes, `${path}.${type}`, problems) : undefined
  const toxicity = check(z.number().min(0).max(1), input.toxicity, `${path}.toxicity`, problems)
  const stream = check(z.enum(['upstream', 'downstream', 'both']), input.stream, `${path}.stream`, problems)
  if (problems.length > before || !parsed || toxicity === undefined || !stream) return []
  const streams: ToxicStream[] = stream === 'both' ? ['upstream', 'downstream'] : [stream]
  // The table above pairs a type with its attributes; the lookup by name loses the pairing.
  const toxic = { type, attributes: parsed } as ToxicSpec | ExtendedToxicSpec
  return streams.map((each) => ({ made: 'network', is: 'toxic', toxic, stream: each, toxicity }))
}
