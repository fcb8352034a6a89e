// HTTP for the node client. Its own layer has no deadline, and it drops the server's error texts and the causes of failed
// connections.
import type { Toxiproxy } from 'toxiproxy-node-client'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'

/** Replaces the methods of `client.api`. A failed call rejects with GatecrashError `toxiproxy_unreachable` or `toxiproxy_refused`. */
export function replaceHttp(client: Toxiproxy, deadlineMs: Ms): void {
  const server = client.host
  const request = async (method: string, url: string, body?: unknown): Promise<string> => {
    const deadline = new AbortController()
    const cancel = realClock.after(deadlineMs, () => deadline.abort(new Error(`no answer within ${deadlineMs} ms`)))
    try {
      const init: RequestInit = { method, signal: deadline.signal, redirect: 'error' }
      if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
      const response = await fetch(url, init)
      const text = await response.text()
      if (response.ok) return text
      throw refused(method, url, response.status, text)
    } catch (error) {
      throw error instanceof GatecrashError ? error : unreachable(server, method, url, error)
    } finally {
      cancel()
    }
  }
  const json = async (method: string, url: string, body?: unknown) => {
    const text = await request(method, url, body)
    return { data: text === '' ? undefined : parse(server, text) }
  }
  Object.assign(client.api, {
    get: (url: string) => json('GET', url),
    post: (url: string, body?: unknown) => json('POST', url, body),
    delete: async (url: string) => void (await request('DELETE', url)),
    getText: (url: string) => request('GET', url),
  })
}

function parse(server: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new GatecrashError('toxiproxy_unreachable', `${server} answers, but is no Toxiproxy: ${text.slice(0, 80)}`, { cause })
  }
}

function refused(method: string, url: string, status: number, body: string): GatecrashError {
  const text = /"error":\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.trim().slice(0, 200)
  return new GatecrashError('toxiproxy_refused', `Toxiproxy refused ${method} ${url}: ${text} (${status})`, { data: { status, text } })
}

function unreachable(server: string, method: string, url: string, cause: unknown): GatecrashError {
  // fetch says `fetch failed` and keeps the reason, such as ECONNREFUSED, in its cause.
  const { cause: inner, message } = cause as Error
  const reason = inner instanceof Error ? inner.message : message
  return new GatecrashError(
    'toxiproxy_unreachable',
    `no answer from Toxiproxy at ${server} (${method} ${url}): ${reason}; is it running?`,
    {
      cause,
    },
  )
}
