// One fake upstream in operation: its faults, its memory, its answers. Knows no socket and no clock.
//
//   request ──▶ route ──▶ decision ──▶ reply of the route, or failure ──▶ answer
import { REQUEST_ID } from '../../contract/headers.ts'
import type { IncomingHttpHeaders } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import { drawFor, type Random, seededRandom } from '../../kernel/random.ts'
import { type Answer, answerWith } from './answer.ts'
import { type Decision, type Decider, decider } from './fault-decider.ts'
import type { Reply, Upstream, UpstreamRequest } from '../define.ts'
import { router } from './routing.ts'

/** An incoming request, read to its end. */
export interface Incoming {
  method: string
  /** Path and query, as in the request line. */
  target: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface Answered {
  route: string | undefined
  request: string
  decision: Decision
  /** From arrival to the first byte, or to the cut. */
  delayMs: Ms
  answer: Answer
}

export interface Responder {
  faults: Pick<Decider, 'set' | 'clear' | 'clearAll' | 'faults'>
  respond: (incoming: Incoming) => Answered
}

export function responder(upstream: Upstream, seed: number): Responder {
  const decisions = decider(upstream, seed)
  const find = router(upstream)
  const replyFor = upstream.open()

  return {
    faults: decisions,
    respond(incoming) {
      const { method, headers } = incoming
      const [path, query] = split(incoming.target)
      const match = find(method, path)
      const request = String(headers[REQUEST_ID] ?? '')
      const decision = decisions.decide({ route: match?.route.name, method, request })
      const { treatment, ordinal } = decision
      const reply = (): Reply => {
        if (treatment.status) return failure(upstream, treatment.status.code, treatment.status.headers)
        if (!match) return failure(upstream, 404)
        return replyFor(
          match.route.name,
          seenBy(incoming, path, query, match.params, () => requestRandom(seed, upstream.name, ordinal)),
        )
      }
      const answer: Answer = treatment.hangs ? { is: 'silence' } : answerWith(reply(), treatment, method === 'HEAD')
      return { route: match?.route.name, request, decision, delayMs: decision.healthyMs + treatment.delayMs, answer }
    },
  }
}

function failure(upstream: Upstream, status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: upstream.errorBody(status) }
}

function seenBy(incoming: Incoming, path: string, query: string, params: Record<string, string>, random: () => Random): UpstreamRequest {
  const { method, headers, body } = incoming
  let chance: Random | undefined
  return {
    method,
    path,
    params,
    headers,
    body,
    get query() {
      return new URLSearchParams(query)
    },
    json: () => parsed(body),
    get random() {
      return (chance ??= random())
    },
  }
}

function requestRandom(seed: number, upstream: string, ordinal: number): Random {
  return seededRandom(Math.floor(drawFor(seed, `${upstream}/reply`, ordinal) * 2 ** 32))
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    return undefined
  }
}

function split(target: string): [path: string, query: string] {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}
