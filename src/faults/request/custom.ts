// `custom`: a fault of the user's own, in a module of theirs. It travels by module and export, as upstreams do.
//
//   defineRequestFault ──▶ builder ──▶ plan, run.json: { is: 'custom', module, export, params, words } ──▶ the fake imports the module
import * as z from 'zod'
import { GatecrashError } from '../../kernel/errors.ts'
import type { DefiningModule } from '../../kernel/modules/find-export.ts'
import type { AnswerPlan } from '../answer-plan.ts'
import { type CustomFaultDefinition, customFaultKey } from '../custom-fault.ts'
import { onRequests, type RequestFaultInput, type UpstreamName } from '../fault-input.ts'
import type { Hits } from '../hits.ts'
import type { Draw } from '../latency.ts'
import { requestFaultType } from '../request-fault.ts'

export interface CustomFault<Schema extends z.ZodType> {
  /** Puts the fault into a phase: `lateBody('gemini', { by: '2s' }, { share: 0.1 })`. */
  (upstream: UpstreamName, params: z.input<Schema>, hits?: Hits): RequestFaultInput
  readonly definition: CustomFaultDefinition
}

/**
 * Defines a request fault of your own. `meta` is the defining module's `import.meta`, or in CommonJS `module`; the module exports the result as `name`.
 * `schema` reads the parameters. They travel as they are read, so what it returns must be read as the same again.
 */
export function defineRequestFault<Schema extends z.ZodType>(
  meta: DefiningModule,
  own: {
    name: string
    schema: Schema
    /** What the fault does, in a few words: "answers an empty list". */
    words(params: z.output<Schema>): string
    /** Adds its part to the answer's plan. Deterministic: it depends on `params` and `draw` alone. */
    apply(params: z.output<Schema>, plan: AnswerPlan, draw: Draw): void
  },
): CustomFault<Schema> {
  const definition: CustomFaultDefinition = {
    module: meta.filename,
    export: own.name,
    schema: own.schema,
    // Parameters reach both functions only as the result of the schema.
    words: (params) => own.words(params as z.output<Schema>),
    apply: (params, plan, draw) => own.apply(params as z.output<Schema>, plan, draw),
  }
  const build = (upstream: UpstreamName, params: z.input<Schema>, hits: Hits = {}): RequestFaultInput => ({
    ...onRequests(upstream, { is: 'custom', module: meta.filename, export: own.name, params }, hits),
    custom: definition,
  })
  return Object.assign(build, { definition })
}

/** What a module's export must look like to be a fault. */
export function isCustomFault(value: unknown): value is CustomFault<z.ZodType> {
  const { definition } = (value ?? {}) as { definition?: Partial<CustomFaultDefinition> }
  return typeof value === 'function' && typeof definition?.apply === 'function' && typeof definition.export === 'string'
}

export const customFault = requestFaultType({
  is: 'custom',
  // Each project tells of its own.
  docs: [],
  schema: z.strictObject({
    is: z.literal('custom'),
    module: z.string().min(1),
    export: z.string().min(1),
    params: z.unknown(),
    /** What its definition says of it, so that a report needs no module of the user's. */
    words: z.string().min(1),
  }),
  build: {},
  words: ({ words }) => words,
  apply({ params, ...place }, plan, draw, custom) {
    const found = custom.get(customFaultKey(place))
    if (!found) throw new GatecrashError('internal', `the fault ${customFaultKey(place)} was not loaded`)
    found.apply(params, plan, draw)
  },
})
