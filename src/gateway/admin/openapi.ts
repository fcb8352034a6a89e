// The gateway's own description (OpenAPI 3.1) at /openapi.json: its health, its operators' addresses, and one entry for each upstream that it
// forwards to. What an upstream offers below its segment is described by the upstream.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { OpenAPIV3_1 as OpenApi } from 'openapi-types'
import { refusals } from '../../contract/refusals.ts'

const OPENAPI_PATH = '/openapi.json'

/** Must be called before the routes that it describes are added. */
export async function describeApi(app: FastifyInstance, upstreams: readonly string[]): Promise<void> {
  // Schemas here describe; answers are written as they are.
  app.setValidatorCompiler(() => () => true).setSerializerCompiler(() => JSON.stringify)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gatecrash reference gateway',
        version: '1',
        description: 'A resilient gateway: one segment of the path an upstream.',
      },
      components: { securitySchemes: { operator: { type: 'http', scheme: 'bearer' } } },
    },
    transformObject(found) {
      // With `openapi` given, it is an object of that kind.
      const { openapiObject } = found as { openapiObject: Partial<OpenApi.Document> }
      const paths = { ...openapiObject.paths, ...Object.fromEntries(upstreams.map((name) => [`/${name}/{path}`, forwarded(name)])) }
      return {
        ...openapiObject,
        paths,
        components: { ...openapiObject.components, schemas: { Error: errorSchema } },
      }
    },
  })
  app.get(OPENAPI_PATH, { schema: { hide: true } }, () => app.swagger())
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

function forwarded(upstream: string): OpenApi.PathItemObject {
  const responses: OpenApi.ResponsesObject = {
    default: { description: `What ${upstream} answers.` },
    ...Object.fromEntries(ownStatuses.map(([status, codes]) => [status, ownAnswer(codes)])),
  }
  const operation = { tags: ['upstreams'], summary: `Forwards to ${upstream}, with its policies`, responses }
  return {
    parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' } }],
    ...Object.fromEntries(methods.map((method) => [method, { ...operation, operationId: `${method}_${upstream}` }])),
  }
}

/** Status → the codes of refusals that have it. */
const ownStatuses = [...Map.groupBy(Object.values(refusals), ({ status }) => status)].map(
  ([status, some]) => [String(status), [...new Set(some.map(({ code }) => code))]] as const,
)

function ownAnswer(codes: readonly string[]): OpenApi.ResponseObject {
  return {
    description: `From the gateway itself where x-gateway-error is set: ${codes.join(', ')}.`,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
}

const text = { type: 'string' } as const
const errorSchema: OpenApi.SchemaObject = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'technical_message', 'retryable', 'error_id', 'request_id'],
      properties: {
        code: { ...text, enum: [...new Set(Object.values(refusals).map(({ code }) => code))] },
        message: { ...text, description: 'For people.' },
        technical_message: { ...text, description: 'For engineers.' },
        retryable: { type: 'boolean' },
        error_id: text,
        request_id: text,
      },
    },
  },
}
