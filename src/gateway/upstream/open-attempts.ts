// Opens the attempts of one client request: each a transfer on the connections of the upstream that the effect names.
import { Readable } from 'node:stream'
import { isCredential } from '../../contract/credentials.ts'
import type { Open } from '../../policies/drive.ts'
import type { FlatHeaders } from '../request/headers.ts'
import { Transfer } from './transfer.ts'
import type { Upstream } from './upstream.ts'
import type { Witness } from './witness.ts'

/** What is sent at each attempt. */
export interface SentRequest {
  method: string
  /** Below the upstream's base URL, with its query. */
  path: string
  headers: FlatHeaders
  body: Buffer | undefined
  /** So much of the answer is held back. Absent: as the upstream's transfers say. */
  commitBytes?: number
}

// undici knows of a body that is handed over in pieces how much of it was sent. When an answer comes before the rest, it closes the
// connection: the next request on it would be read as the rest of this body.
const LARGE = 64 * 1024

/** Attempts at `upstream`, or at its stand-in. */
export function openAttempts(upstream: Upstream, request: SentRequest, witness: Witness): Open<Transfer> {
  const { method, body } = request
  return (effect, listener) => {
    const asked = effect.upstream === upstream.name ? upstream : upstream.standIn! // policies name no third one
    const { path: below, headers: sent } = asked === upstream || upstream.handsCredentialsOn ? request : withoutCredentials(request)
    const path = asked.pathOf(below)
    const headers = asked.internalToken === undefined ? sent : asked.internalToken.given(sent)
    const isStream = upstream.streams(method, below) || asked.streams(method, below)
    const options =
      body === undefined || body.length <= LARGE
        ? { method, path, headers, body: body ?? null }
        : {
            method,
            path,
            headers: [...headers, 'content-length', String(body.length)],
            body: Readable.from(pieces(body), { objectMode: false }),
          }
    const { commitBytes } = request
    const target =
      commitBytes === undefined
        ? asked
        : { pool: asked.pool, transfers: { ...asked.transfers, commitBytes }, internalToken: asked.internalToken }
    return new Transfer(effect, target, options, listener, witness, isStream)
  }
}

/** For a stand-in: the client's credentials were made for another service. */
function withoutCredentials(request: SentRequest): SentRequest {
  const headers: FlatHeaders = []
  for (let at = 0; at < request.headers.length; at += 2)
    if (!isCredential(request.headers[at]!)) headers.push(request.headers[at]!, request.headers[at + 1]!)
  return { ...request, headers, path: withoutSecretParameters(request.path) }
}

// Text is cut, never decoded and encoded anew: whatever stays, stays as it was sent.
function withoutSecretParameters(path: string): string {
  const query = path.indexOf('?')
  if (query < 0) return path
  const kept = path
    .slice(query + 1)
    .split('&')
    .filter((parameter) => !isCredential(parameterName(parameter)))
  return kept.length === 0 ? path.slice(0, query) : `${path.slice(0, query)}?${kept.join('&')}`
}

function parameterName(parameter: string): string {
  const [name = ''] = parameter.split('=', 1)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function* pieces(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += LARGE) yield body.subarray(at, at + LARGE)
}
