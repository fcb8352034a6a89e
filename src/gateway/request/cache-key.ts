// What makes two requests the same question, for answers from the cache.
import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const CREDENTIALS = ['authorization', 'cookie', 'x-api-key', 'x-goog-api-key'] as const

/** The cache key of a request. Whoever asks is always part of it: nobody is given another's answer. */
export function questionOf(parts: readonly ('method' | 'path' | 'body')[], request: IncomingMessage, body: Buffer | undefined): string {
  let question = ''
  for (const part of parts) {
    if (part === 'method') question += `${request.method} `
    else if (part === 'path') question += `${request.url} `
    else if (body) question += hash('sha256', body, 'base64')
  }
  for (const name of CREDENTIALS) {
    const credential = request.headers[name]
    if (credential) question += ` ${name}:${hash('sha256', String(credential), 'base64')}`
  }
  return question
}
