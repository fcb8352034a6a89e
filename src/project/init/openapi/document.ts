// The parts of an OpenAPI 3.1 document that a fake is made of. Descriptions in the wild are sloppy: what is null counts as absent.
import * as z from 'zod'

export type Document = z.output<typeof documentSchema>
export type PathItem = z.output<typeof pathItemSchema>
export type Operation = z.output<typeof operationSchema>
export type Parameter = z.output<typeof parameterSchema>

const server = z.looseObject({
  url: z.string(),
  variables: z.nullish(z.record(z.string(), z.looseObject({ default: z.coerce.string().optional() }))),
})
export type Server = z.output<typeof server>

export const documentSchema = z.looseObject({
  info: z.nullish(z.looseObject({ title: z.nullish(z.string()) })),
  servers: z.nullish(z.array(server)),
  paths: z.record(z.string(), z.unknown()),
})

export const pathItemSchema = z.looseObject({
  servers: z.nullish(z.array(server)),
  parameters: z.nullish(z.array(z.unknown())),
})

export const operationSchema = z.looseObject({
  operationId: z.nullish(z.string()),
  summary: z.nullish(z.string()),
  servers: z.nullish(z.array(server)),
  parameters: z.nullish(z.array(z.unknown())),
  requestBody: z.unknown().optional(),
  responses: z.nullish(z.record(z.string(), z.unknown())),
})

const named = z.nullish(z.record(z.string(), z.unknown()))

export const mediaSchema = z.looseObject({ schema: z.unknown().optional(), example: z.unknown().optional(), examples: named })

export const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.nullish(z.boolean()),
  schema: z.unknown().optional(),
  example: z.unknown().optional(),
  examples: named,
})

/** A request body, too. */
export const responseSchema = z.looseObject({ content: z.nullish(z.record(z.string(), z.unknown())) })
