// The cache key of a request: requests with the same key may get the same answer.
import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const CREDENTIALS = ['authorization', 'cookie', 'x-api-key', 'x-goog-api-key'] as const

/** Credentials are always part of it: nobody gets an answer that was made for another client. */
export function cacheKeyOf(parts: readonly ('method' | 'path' | 'body')[], request: IncomingMessage, body: Buffer | undefined): string {
  let key = ''
  for (const part of parts) {
    if (part === 'method') key += `${request.method} `
    else if (part === 'path') key += `${request.url} `
    else if (body) key += hash('sha256', body, 'base64')
  }
  for (const name of CREDENTIALS) {
    const credential = request.headers[name]
    if (credential) key += ` ${name}:${hash('sha256', String(credential), 'base64')}`
  }
  return key
}
