// The outline of what an author writes: enough that the resolver may look at every part of it. A scenario is a program, and
// types are checked by nobody when it is run.
import * as z from 'zod'
import { type Problem, GatecrashError, thrownText } from '../kernel/errors.ts'
import { check } from '../kernel/validation.ts'
import type { WrittenClaim } from './claims/claim.ts'
import { needNames } from './needs.ts'
import type { PhaseInput } from './phases.ts'
import type { ScenarioInput } from './scenario.ts'
import type { WrittenCriterion } from '../criteria/writing/call-site.ts'

const callable = z.custom((value) => typeof value === 'function', { error: 'must be a function that returns a list of phases' })
const record = z.record(z.string(), z.unknown())

const claim = z.looseObject({ claim: z.looseObject({ kind: z.string() }) })

const outline = z.looseObject({
  story: z.string().min(1),
  tags: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'must be lower-case words joined by hyphens' })).optional(),
  upstreams: record.optional(),
  gateway: z.record(z.string(), record).optional(),
  expects: record.optional(),
  load: z
    .looseObject({ rate: z.unknown().optional(), arrivals: z.enum(['poisson', 'constant']).optional(), mix: z.array(record).optional() })
    .optional(),
  example: z.looseObject({ upstreams: record, load: z.looseObject({ rate: z.looseObject({}), mix: z.array(record) }) }).optional(),
  needs: z.enum(needNames).optional(),
  phases: callable,
  claims: z
    .union([
      z.array(z.unknown()),
      z.custom((value) => typeof value === 'function', { error: 'must be a list of claims, or a function that returns one' }),
    ])
    .optional(),
  criteria: z
    .union([
      z.array(z.unknown()),
      z.custom((value) => typeof value === 'function', { error: 'must be a list of criteria, or a function that returns one' }),
    ])
    .optional(),
})

const phases = z.array(
  z.looseObject({
    name: z.string().regex(/^\S(?:.*\S)?$/, { error: 'must be a name of at least one letter' }),
    warmUp: z.boolean(),
    faults: z.array(
      z.union([
        z.looseObject({ made: z.enum(['request', 'network']), upstream: z.string() }),
        z.looseObject({ made: z.literal('process'), role: z.string() }),
      ]),
    ),
  }),
)

const writtenClaimList = z.array(
  z.custom((value) => claim.safeParse(value).success, {
    error: "is no claim; write one as in claims.survivesOutageOf('gemini', { in: 'outage' })",
  }),
)

const unfinished = 'is no criterion; end it with what it demands, as in errorRate().below("1%")'
const criteria = z.array(z.custom((value) => typeof value === 'object' && value !== null && 'criterion' in value, { error: unfinished }))

/** Adds a problem for each part that is missing or of another kind than it must be. */
export function checkOutline(input: unknown, problems: Problem[]): void {
  check(outline, input, '', problems)
}

// Without these nothing else can be looked at.
const carrying: readonly string[] = ['(top level)', 'upstreams', 'load', 'example', 'needs', 'phases'] satisfies (
  | '(top level)'
  | keyof ScenarioInput
)[]

/** The parts that can be looked at though others are wrong; undefined where nothing can be. */
export function readable(input: ScenarioInput, problems: readonly Problem[]): ScenarioInput | undefined {
  const wrong = new Set(problems.map(({ path }) => path.split(/[.[]/)[0] ?? ''))
  if (carrying.some((part) => wrong.has(part))) return undefined
  const kept = Object.entries(input).filter(([part]) => !wrong.has(part))
  // What is left out is optional, but for the story, which is only told.
  return Object.fromEntries(kept) as unknown as ScenarioInput
}

/**
 * What `make` returns; undefined, with problems, when it throws or returns something else. Where the settings that it was given are only
 * `assumed`, what it throws may follow from that, and is no problem of its own.
 */
export function writtenPhases(make: () => PhaseInput[], problems: Problem[], assumed: boolean): PhaseInput[] | undefined {
  return written('phases', phases, make, problems, assumed)
}

export function writtenClaims(make: () => WrittenClaim[], problems: Problem[], assumed: boolean): WrittenClaim[] | undefined {
  return written('claims', writtenClaimList, make, problems, assumed)
}

export function writtenCriteria(make: () => WrittenCriterion[], problems: Problem[], assumed: boolean): WrittenCriterion[] | undefined {
  return written('criteria', criteria, make, problems, assumed)
}

function written<Part>(part: string, schema: z.ZodType, make: () => Part, problems: Problem[], assumed: boolean): Part | undefined {
  try {
    const made = make()
    const before = problems.length
    check(schema, made, part, problems)
    return problems.length === before ? made : undefined
  } catch (cause) {
    if (assumed) return undefined
    const told = cause instanceof GatecrashError ? cause.data['problems'] : undefined
    // What a list of problems is thrown with (see problemsError).
    if (Array.isArray(told)) problems.push(...(told as Problem[]))
    else problems.push({ path: part, message: cause instanceof Error ? cause.message : thrownText(cause) })
    return undefined
  }
}
