import * as z from 'zod'

const step = z.strictObject({
  /** What `answer`, logs and metrics call the step. */
  name: z.string().regex(/^[a-z][\w-]*$/, 'must be a word of letters, digits, "_" and "-"'),
  /** Whom it asks. */
  upstream: z.string(),
  /** How it asks. */
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  /** Below the upstream's base URL. `{field}` stands for a field of the client's JSON, `{answer}` for the chain's answer. */
  path: z.string().startsWith('/'),
  /** Sent as JSON, with the same placeholders in its texts; absent: no body. */
  body: z.json().optional(),
  /**
   * What a failure means. `open`: the chain goes on without it, and its answer says that it is a fallback. `closed`: the chain ends, with
   * 503. `best_effort`: it runs after the answer, which it cannot harm, and its failure is logged.
   */
  fails: z.enum(['open', 'closed', 'best_effort']),
})

/** Settings of a chain of calls behind one address. */
export const chainSettings = z
  .strictObject({
    /** The path that the chain answers at, by POST. */
    address: z
      .string()
      .regex(/^\/v1(\/[\w-]+)+$/, 'must be a path below /v1')
      .default('/v1/api/chat'),
    /** The calls, in their order. */
    steps: z.array(step).min(1),
    /** The step whose JSON is the answer. Absent: the first. */
    answer: z.string().optional(),
  })
  .superRefine(({ steps, answer }, context) => {
    const names = steps.map(({ name }) => name)
    for (const [at, { name }] of steps.entries())
      if (names.indexOf(name) < at)
        context.addIssue({ code: 'custom', path: ['steps', at, 'name'], message: `"${name}" is taken by an earlier step` })
    const from = steps.find(({ name }) => name === (answer ?? names[0]))
    const message = `must be a step that is not best effort: ${names.join(', ')}`
    if (!from || from.fails === 'best_effort') context.addIssue({ code: 'custom', path: ['answer'], message })
  })

export type ChainSettings = z.output<typeof chainSettings>
export type ChainStep = ChainSettings['steps'][number]
