// Reads a plan from run.json. A bundle may be damaged or written by somebody else, so every field that is used is checked, and what
// would never end is refused.
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { criterionSchema } from '../../criteria/criteria.ts'
import { requestFaultSchema } from '../../faults/active-fault.ts'
import { hitsSchema } from '../../faults/hits.ts'
import { networkFault } from '../../faults/network/networks.ts'
import { processRoles } from '../../faults/process-fault.ts'
import { isProcessFault } from '../../faults/processes.ts'
import { abilityNames } from '../../plan/ability.ts'
import { upstreamPolicies } from '../../policies/settings.ts'

/** In parsed form already: with every default filled in, as a plan has it. */
const settled = (schema: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    const { data, error } = schema.safeParse(value)
    // A reported issue is a raised issue without its `input`, which zod leaves out of reports.
    for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
    if (!error && !isDeepStrictEqual(data, value))
      context.addIssue({ code: 'custom', message: 'must be as a plan has it, with every default' })
  })

const name = z.string().min(1)
const texts = z.record(z.string(), z.string())
const time = z.number().nonnegative()
const span = z
  .looseObject({ startMs: time, endMs: time })
  .refine(({ startMs, endMs }) => startMs <= endMs, { error: 'must not end before it starts' })

const rate = z
  .looseObject({ fromMs: time, toMs: time, startPerSecond: time.max(1e6), endPerSecond: time.max(1e6) })
  .refine(({ fromMs, toMs }) => fromMs <= toMs, { error: 'must not end before it starts' })

const route = z.looseObject({
  route: name,
  reaches: z.array(z.looseObject({ upstream: name, route: name.optional() })),
  weight: z.number().min(0),
  method: name,
  paths: z.array(z.string()).min(1),
  headers: texts,
  identities: z
    .array(z.looseObject({ name, headers: texts }))
    .min(1)
    .optional(),
  idempotencyKey: z.boolean().optional(),
  bodies: z.array(z.unknown()),
  sendOverMs: time.exactOptional(),
  sendHeadOverMs: time.exactOptional(),
  expectedStatuses: z.array(z.number()).optional(),
  during: z.array(name).optional(),
  once: name.optional(),
  probe: z.looseObject({ fromMs: time, everyMs: time, count: z.int().min(1).max(100_000) }).optional(),
})

const storeRole = z.literal('redis').exactOptional()

const toxicFault = z
  .looseObject({
    made: z.literal('network'),
    is: z.literal('toxic'),
    role: storeRole,
    toxic: z.looseObject({ type: name, attributes: z.unknown() }),
    stream: z.enum(['upstream', 'downstream']),
    toxicity: z.number().min(0).max(1),
  })
  .refine(({ toxic: { type, attributes } }) => networkFault(type)?.attributes.safeParse(attributes).success === true, {
    error: 'must be a toxic with its attributes',
  })

const fault = z.union([
  z.looseObject({ made: z.literal('request'), fault: settled(requestFaultSchema), hits: settled(hitsSchema) }),
  z.looseObject({ made: z.literal('network'), is: z.literal('down'), role: storeRole }),
  toxicFault,
  z.looseObject({
    made: z.literal('process'),
    role: z.enum(processRoles),
    fault: z.looseObject({ is: z.string().refine(isProcessFault, { error: 'must be a process fault' }) }),
  }),
])

const crowd = z.looseObject({ connections: z.int().min(1).max(1000) })

/** Requests of the whole plan: all of them are walked. */
const MAX_REQUESTS = 20_000_000

const capacity = z.looseObject({ workers: z.int().min(1), perSecond: z.number().positive() })

export function planSchema(schemaVersion: number) {
  return z
    .looseObject({
      schemaVersion: z.literal(schemaVersion),
      scenario: name,
      story: z.string(),
      source: z.string(),
      seed: z.int(),
      settings: name,
      upstreams: z.record(z.string(), z.looseObject({ module: z.string(), export: z.string(), capacity: capacity.exactOptional() })),
      gateway: z.looseObject({
        upstreams: z.record(z.string(), settled(upstreamPolicies)),
        server: z.record(z.string(), z.unknown()).optional(),
        services: z.record(z.string(), z.unknown()).optional(),
        expects: z.record(z.string(), z.array(z.enum(abilityNames))).optional(),
      }),
      load: z
        .looseObject({
          arrivals: z.enum(['poisson', 'constant']),
          rate: z.array(rate),
          mix: z.array(route).min(1),
          timeoutMs: z.number().gt(0),
        })
        .refine((load) => requestsIn(load.rate) <= MAX_REQUESTS, { path: ['rate'], error: 'asks for more requests than any plan' }),
      phases: z
        .array(
          z.intersection(
            span,
            z.looseObject({ name, warmUp: z.boolean(), probes: z.boolean().optional(), saturation: crowd.optional(), expected: time }),
          ),
        )
        .min(1),
      faults: z.array(z.intersection(span, z.looseObject({ id: name, phase: name, upstream: name.optional(), fault }))),
      claims: z
        .array(
          z.looseObject({
            id: name,
            claim: z.looseObject({ kind: z.string() }),
            sentence: z.string(),
            unasked: z.array(z.string()),
          }),
        )
        .optional(),
      criteria: z.array(
        z.looseObject({
          id: name,
          claims: z.array(name).optional(),
          criterion: criterionSchema,
          severity: z.literal('warn').optional(),
          source: z.looseObject({ file: z.string(), line: z.number() }).optional(),
        }),
      ),
      durationMs: z.number().gt(0).max(1e10),
    })
    .superRefine(({ upstreams, load, phases, faults, criteria, durationMs }, context) => {
      const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message })
      const known = new Set(Object.keys(upstreams))
      for (const [at, { reaches }] of load.mix.entries())
        for (const { upstream } of reaches)
          if (!known.has(upstream)) refuse(['load', 'mix', at, 'reaches'], `unknown upstream "${upstream}"`)
      const names = new Set(phases.map((phase) => phase.name))
      for (const [at, { phase, upstream }] of faults.entries())
        if (!names.has(phase) || (upstream !== undefined && !known.has(upstream)))
          refuse(['faults', at], 'must be in a phase, on an upstream')
      for (const [at, { criterion }] of criteria.entries())
        if (criterion.upstream !== undefined && !known.has(criterion.upstream))
          refuse(['criteria', at], `unknown upstream "${criterion.upstream}"`)
      for (const [at, phase] of phases.entries())
        if (phase.endMs > durationMs || phase.startMs < (phases[at - 1]?.endMs ?? 0))
          refuse(['phases', at], 'must follow the one before, inside the plan')
    })
}

type Piece = z.output<typeof rate>

const requestsIn = (pieces: readonly Piece[]): number =>
  pieces.reduce(
    (total, { fromMs, toMs, startPerSecond, endPerSecond }) => total + (((startPerSecond + endPerSecond) / 2) * (toMs - fromMs)) / 1000,
    0,
  )
