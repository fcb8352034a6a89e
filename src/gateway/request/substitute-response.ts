// A response that the gateway gives in the upstream's place: one kept from an earlier request, or the static one of the settings.
import { bytesIn } from '../../contract/piece.ts'
import type { ServedSubstitute } from '../../policies/serve.ts'
import { keptHeaders, type KeptResponse } from '../cache/kept-response.ts'
import type { FlatHeaders } from './headers.ts'

export interface SubstituteResponse {
  status: number
  /** Those that a client may see. */
  headers: FlatHeaders
  body: Buffer | undefined
}

type Substitute = ServedSubstitute<KeptResponse>['substitute']

export function substituteResponse(substitute: Substitute): SubstituteResponse {
  return substitute.use === 'static' ? staticResponse(substitute) : agedResponse(substitute)
}

/** Its age is that of the answer, not of its stay here (RFC 9111 §5.1). */
function agedResponse({ response, ageMs }: Substitute & { use: 'cached' }): SubstituteResponse {
  const { status, body, arrivalAgeMs } = response
  return {
    status,
    headers: [...keptHeaders(response), 'age', String(Math.floor((arrivalAgeMs + ageMs) / 1000))],
    body: body && bytesIn(body),
  }
}

function staticResponse({ status, headers, body }: Substitute & { use: 'static' }): SubstituteResponse {
  const named = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  // These have no content; a 205 says so by its length (RFC 9110 §15.3.5, §15.3.6, §15.4.5).
  if (status === 204 || status === 304) return { status, headers: named.flat(), body: undefined }
  if (status === 205) return { status, headers: [...named.flat(), 'content-length', '0'], body: undefined }
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  const typed = named.some(([name]) => name.toLowerCase() === 'content-type') ? named : [['content-type', type], ...named]
  return { status, headers: [...typed.flat(), 'content-length', String(text.length)], body: text }
}
