// What the answers to a request are kept under. Two requests have the same key only if the upstream could not tell them apart by
// anything but transport. So nobody gets an answer that was made for another client, whatever header carries the client's name.
import { hash } from 'node:crypto'
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../../contract/headers.ts'
import type { AnswerKey } from '../../policies/fallback/kept-answers.ts'
import type { CachedSettings } from '../../policies/fallback/settings.ts'
import { withoutQuery } from '../request/target.ts'

/** A request's headers as the upstream gets them: by name in lower case, several lines joined by a comma and a line break. */
export type Fields = ReadonlyMap<string, string>

// Each names the transport, the trace, the form of the answer (which Vary keeps apart), or a condition (which is answered of its own).
// Of the x-forwarded family it is only the client's address: x-forwarded-user names a user, x-forwarded-host changes the answer.
const NOT_IDENTITY: ReadonlySet<string> = new Set(
  `host connection content-length transfer-encoding te trailer via keep-alive date priority
   accept accept-charset accept-encoding accept-language user-agent content-type
   x-forwarded-for x-forwarded-port x-real-ip
   ${REQUEST_ID} x-correlation-id traceparent tracestate b3 x-b3-traceid x-b3-spanid x-b3-parentspanid x-b3-sampled
   cache-control pragma range if-range if-match if-none-match if-modified-since if-unmodified-since
   dnt upgrade-insecure-requests sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user`.split(/\s+/),
)

/** Of two methods, HEAD asks for a part of what GET asks for; nothing else is the same question. */
export interface KeyedRequest {
  method: string
  /** Below the upstream's base URL, with its query. */
  path: string
  fields: Fields
  body: Buffer | undefined
}

/** The key holds no credential: it is a digest. */
export function answerKey({ identity, ignore }: Pick<CachedSettings, 'identity' | 'ignore'>, request: KeyedRequest): AnswerKey {
  const { path, fields, body } = request
  const apart = identity ? new Set([...identity.headers, IDEMPOTENCY_KEY]) : undefined
  const tells = (name: string): boolean => (apart ? apart.has(name) : !NOT_IDENTITY.has(name) && !ignore.includes(name))
  // A body is what its type says.
  const form = body?.length ? [hash('sha256', body, 'base64'), fields.get('content-type'), fields.get('content-encoding')] : undefined
  const method = request.method === 'HEAD' ? 'GET' : request.method
  let identities: [name: string, value: string][] | undefined
  for (const field of fields) if (tells(field[0])) (identities ??= []).push(field)
  // No digest has a space in it.
  if (!identities && !form) return { exact: `${method} ${path}`, place: withoutQuery(path) }
  identities?.sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = [method, path, form, identities]
  return { exact: hash('sha256', JSON.stringify(parts), 'base64'), place: withoutQuery(path) }
}
