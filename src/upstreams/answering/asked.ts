// What a request asks of a fake, as its method, target and body say it. Requests of one question share it: it is read once for them all.
import type { IncomingHttpHeaders } from 'node:http'
import type { Upstream, UpstreamRoute } from '../define.ts'
import type { Answer } from './answer.ts'
import { router } from './routing.ts'

export interface Asking {
  method: string
  /** Path and query, as in the request line. */
  target: string
  body: Buffer
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: Buffer
  /** Undefined when no route matches. */
  readonly route: UpstreamRoute | undefined
  readonly params: Readonly<Record<string, string>>
  /** Of the request with this id. */
  readonly headersOf: (request: string) => IncomingHttpHeaders
  /** It is asked again, and an answer that is always the same is kept. */
  readonly isQuestion: boolean
  readonly look: Look
  /** Where its route asks neither chance nor memory. */
  lasting: Answer | undefined
}

/** What its route has looked at so far. */
export interface Look {
  /** Its headers, or chance: what two requests do not share. */
  isParticular: boolean
}

/** Reads what is asked of `upstream`. */
export function reader(upstream: Upstream): (asking: Asking, headersOf: Asked['headersOf'], isQuestion: boolean) => Asked {
  const find = router(upstream)
  return ({ method, target, body }, headersOf, isQuestion) => {
    const [path, query] = split(target)
    const match = find(method, path, () => parsed(body))
    const { route, params = {} } = match ?? {}
    // No answer is kept where an earlier one counts, or where nobody asks again: the route may look at what it likes.
    const look = { isParticular: !isQuestion || !upstream.isForgetful }
    return { method, path, query, body, route, params, headersOf, isQuestion, look, lasting: undefined }
  }
}

/** A target in absolute form means the same as its path (RFC 9112 §3.2.2). */
function split(target: string): [path: string, query: string] {
  const local = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*\/?/i, '/')
  const at = local.indexOf('?')
  return at < 0 ? [local, ''] : [local.slice(0, at), local.slice(at + 1)]
}

export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    return undefined
  }
}
