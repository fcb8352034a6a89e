// What OpenAI's API says when it refuses or fails (platform.openai.com/docs/guides/error-codes).
import type { Reply } from '../../src/upstreams/define.ts'

interface Failure {
  message: string
  type: string
  param?: string
  code?: string
}

/** By status. */
const failures: ReadonlyMap<number, Failure> = new Map<number, Failure>([
  [400, { message: 'Invalid request.', type: 'invalid_request_error' }],
  [401, { message: 'Incorrect API key provided: sk-fake.', type: 'invalid_request_error', code: 'invalid_api_key' }],
  [
    403,
    { message: 'Country, region, or territory not supported', type: 'request_forbidden', code: 'unsupported_country_region_territory' },
  ],
  [404, { message: 'Invalid URL', type: 'invalid_request_error' }],
  [
    429,
    {
      message:
        'Rate limit reached for gpt-4o-mini in organization org-fake on requests per min (RPM): Limit 10000, Used 10000, Requested 1.',
      type: 'requests',
      code: 'rate_limit_exceeded',
    },
  ],
  [500, { message: 'The server had an error while processing your request. Sorry about that!', type: 'server_error' }],
  [503, { message: 'The engine is currently overloaded, please try again later', type: 'server_error' }],
])

/** A status that has no words of its own is one of those that all share. */
export const failureOf = (status: number): Failure => failures.get(status) ?? failures.get(status >= 500 ? 500 : 400)!

export function failureBody({ message, type, param, code }: Failure) {
  return { error: { message, type, param: param ?? null, code: code ?? null } }
}

/** A request that cannot be understood, and the parameter that is to blame. */
export const invalid = (message: string, param?: string): Reply => ({
  status: 400,
  body: failureBody({ message, type: 'invalid_request_error', ...(param && { param, code: 'missing_required_parameter' }) }),
})

export function noSuchModel(model: unknown): Reply {
  const message = `The model \`${String(model)}\` does not exist or you do not have access to it.`
  return { status: 404, body: failureBody({ message, type: 'invalid_request_error', code: 'model_not_found' }) }
}
