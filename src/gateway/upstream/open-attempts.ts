// Opens the attempts of one client request: each a transfer on the connections of the upstream that the effect names.
import type { Open } from '../../policies/drive.ts'
import type { FlatHeaders } from '../request/headers.ts'
import { Transfer } from './transfer.ts'
import type { Upstream } from './upstream.ts'

/** What is sent at each attempt. */
export interface SentRequest {
  method: string
  /** As the client sent it: the gateway's own path, or the whole URL. */
  url: string
  headers: FlatHeaders
  body: Buffer | undefined
}

/** Attempts at `upstream`, or at its stand-in. */
export function openAttempts(upstream: Upstream, { method, url, headers, body }: SentRequest): Open<Transfer> {
  const isStream = upstream.streams(method, url)
  return (effect, listener) => {
    const asked = effect.upstream === upstream.name ? upstream : upstream.standIn! // policies name no third one
    return new Transfer(effect, asked, { method, path: asked.pathOf(url), headers, body: body ?? null }, listener, isStream)
  }
}
