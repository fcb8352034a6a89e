// An answer that does not come from the upstream: one kept from better days, or one that the settings spell out.
import type { Substitute } from '../../policies/fallback.ts'
import type { FlatHeaders } from './headers.ts'

export interface KeptAnswer {
  status: number
  /** Those that a client may see. */
  headers: FlatHeaders
  body: Buffer | undefined
}

export function staticAnswer({ status, headers, body }: Substitute<KeptAnswer> & { use: 'static' }): KeptAnswer {
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  const named = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  const typed = named.some(([name]) => name.toLowerCase() === 'content-type') ? named : [['content-type', type], ...named]
  return { status, headers: [...typed.flat(), 'content-length', String(text.length)], body: text }
}
