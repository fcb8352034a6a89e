// One row of the tables: what is asked, in which state of the gateway, and the exact answer.
import { expect } from 'vitest'
import type { Asking, Created, Script } from './created.ts'

export interface Row extends Asking {
  /** Where it differs from the address: with names in place of `{…}`. */
  path?: string
  script?: Script
  before?: (at: Created) => Promise<unknown>
  status: number
  has?: Record<string, string>
  json: unknown
}

/** By address, such as `GET /operations/{operation}`, and by what the case is about. */
export type Rows = Record<string, Record<string, Row>>

export const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string
export const uuid = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/) as string
export const count = expect.any(Number) as number
export const text = (pattern: RegExp) => expect.stringMatching(pattern) as string

/** The envelope, and the headers that come with it. */
export function refused(
  status: number,
  reason: string,
  code: string,
  message: string,
  technical: string,
  retryable = false,
  outcome = 'refused',
) {
  return {
    status,
    headers: { 'x-request-id': 'r-1' },
    has: {
      'x-gateway-error': reason,
      'x-gateway-outcome': outcome,
      'x-gateway-attempts': '0',
      'x-request-id': 'r-1',
    },
    json: {
      error: { code, message, technical_message: technical, retryable, error_id: text(/^[\da-f-]{13}-\w+$/), request_id: 'r-1' },
    },
  }
}

export const unread = (technical: string) => refused(400, 'bad_request', 'bad_request', 'The request could not be read.', technical)
export const missing = (technical: string) => refused(404, 'not_found', 'not_found', 'There is nothing at this address.', technical)
export const conflict = (technical: string) => refused(409, 'conflict', 'conflict', 'This reference is in use already.', technical)

export const chat = { query: 'who?' }
export const chromaDown: Script = (upstream) => (upstream === 'chroma' ? [503] : [200, { ok: true }])
export const billingDown: Script = (upstream) => (upstream === 'billing' ? [500] : [200, { found: 'x' }])
export const chatOnce = async (at: Created) => {
  await at.ask('/v1/api/chat', { method: 'POST', body: chat })
  await at.pass()
}
export const afterOutage = { script: chromaDown, before: chatOnce }

export const unavailable = 'A service we depend on is temporarily unavailable. Please try again shortly.'
