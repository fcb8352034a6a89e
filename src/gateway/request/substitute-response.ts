// A response that the gateway gives in the upstream's place: one kept from an earlier request, or the static one of the settings.
import type { ServedSubstitute } from '../../policies/serve.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
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
  const { status, headers, body, arrivalAgeMs } = response
  return { status, headers: [...headers, 'age', String(Math.floor((arrivalAgeMs + ageMs) / 1000))], body }
}

function staticResponse({ status, headers, body }: Substitute & { use: 'static' }): SubstituteResponse {
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  const named = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  const typed = named.some(([name]) => name.toLowerCase() === 'content-type') ? named : [['content-type', type], ...named]
  return { status, headers: [...typed.flat(), 'content-length', String(text.length)], body: text }
}
