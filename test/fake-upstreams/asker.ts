// Asks a fake upstream in this process, healthy and without latency.
import { joined } from '../../src/contract/piece.ts'
import { responder } from '../../src/upstreams/answering/responder.ts'
import type { Upstream } from '../../src/upstreams/define.ts'

export interface Asked {
  status: number
  headers: Record<string, string>
  text: string
  bytes: Buffer
  /** Undefined where the text is no JSON. */
  json: unknown
}

/** One instance of `upstream`, with its memory. Bodies go as JSON, buffers as they are. */
export function asker(upstream: Upstream): (method: string, target: string, body?: unknown, headers?: Record<string, string>) => Asked {
  const { respond } = responder(upstream, 1)
  return (method, target, body, headers = {}) => {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body))
    const { answer } = respond({ method, target, headers, body: bytes }, 0)
    if (answer.is !== 'sent') throw new Error(`no answer to ${method} ${target}`)
    const answered = joined(answer.pieces)
    const text = answered.toString()
    return { status: answer.status, headers: answer.headers, text, bytes: answered, json: parsed(text) }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
