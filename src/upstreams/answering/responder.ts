// One fake upstream in operation: its faults, its memory, its capacity, its answers. It knows no socket and no clock.
//
//   request ──▶ route ──▶ decision ──▶ reply of the route, or failure ──▶ answer ──▶ a worker, or 503
import { REQUEST_ID } from '../../contract/headers.ts'
import { type IncomingHttpHeaders, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import { drawFor, type Random, seededRandom } from '../../kernel/random.ts'
import { type Answer, answerWith } from './answer.ts'
import { withErrorInside } from './error-inside.ts'
import { capacityOf } from './capacity.ts'
import { type Decision, type Decider, decider } from './fault-decider.ts'
import type { Reply, Upstream, UpstreamRequest } from '../define.ts'
import { router } from './routing.ts'
import { marksIn } from '../../faults/probe-mark.ts'
import type { CustomFaults } from '../../faults/custom-fault.ts'
import { type AnswerPlan, healthyPlan } from '../../faults/answer-plan.ts'

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
  /** From arrival to the first byte, or to the cut: waiting for a worker, and the service time. */
  delayMs: Ms
  answer: Answer
  /** What the route, or a fault of the user's own, has thrown. The answer is a 500 then. */
  thrown?: unknown
  /** Of the reply, where the request was worked on. */
  effect?: string | null
}

export interface Responder {
  faults: Pick<Decider, 'set' | 'clear' | 'clearAll' | 'faults'>
  /** `now` is the time of arrival. */
  respond: (incoming: Incoming, now: Ms) => Answered
}

/** `custom` holds the users' own faults that may be set. */
export function responder(upstream: Upstream, seed: number, custom?: CustomFaults): Responder {
  const decisions = decider(upstream, seed, custom)
  const capacity = capacityOf(upstream)
  const find = router(upstream)
  const replyFor = upstream.open()

  return {
    faults: {
      set(fault) {
        capacity.forget(fault.id)
        decisions.set(fault)
      },
      clear(id) {
        capacity.forget(id)
        return decisions.clear(id)
      },
      clearAll() {
        capacity.forgetAll()
        decisions.clearAll()
      },
      faults: () => decisions.faults(),
    },
    respond(incoming, now) {
      const { method, headers } = incoming
      const [path, query] = split(incoming.target)
      const match = find(method, path, () => parsed(incoming.body))
      const request = String(headers[REQUEST_ID] ?? '')
      const decision = decisions.decide({ route: match?.route.name, method, request, marks: marksIn(query, request) })
      const { plan, ordinal, thrown: thrownByFault } = decision
      let replied: Reply | undefined
      const reply = (): Reply => {
        if (plan.status) return failure(upstream, plan.status.code, plan.status.headers)
        if (!match) return failure(upstream, 404)
        return (replied = replyFor(
          match.route.name,
          seenBy(incoming, path, query, match.params, () => requestRandom(seed, upstream.name, ordinal)),
        ))
      }
      const isHead = method === 'HEAD'
      const { answer, thrown = thrownByFault } = answered(upstream, plan, isHead, reply)
      const facts = { route: match?.route.name, request, ...(thrown !== undefined && { thrown }) }
      const serviceMs = decision.healthyMs + plan.delayMs
      const { beginsAt, faults } = capacity.admit(decision, now, serviceMs + sendingMs(answer))
      if (beginsAt !== undefined) {
        // A user's own route may reply what is no object.
        const effect = replied?.effect
        return {
          ...facts,
          decision: { ...decision, faults },
          delayMs: beginsAt - now + serviceMs,
          answer,
          ...(effect !== undefined && { effect }),
        }
      }
      // The request was refused before anybody worked on it: no fault acted but the one that leaves too few workers.
      const refusal = answerWith(failure(upstream, 503), healthyPlan(), isHead)
      const acted = decision.capacityOf === undefined ? [] : [decision.capacityOf]
      return { ...facts, decision: { ...decision, faults: acted }, delayMs: 0, answer: refusal }
    },
  }
}

/** A route is the user's own code. When it throws, or replies what cannot be sent, the answer is the service's own 500. */
function answered(upstream: Upstream, plan: AnswerPlan, isHead: boolean, reply: () => Reply): { answer: Answer; thrown?: unknown } {
  if (plan.hangs) return { answer: { is: 'silence' } }
  try {
    return { answer: answerWith(spoken(upstream, plan, reply()), plan, isHead) }
  } catch (cause) {
    return { answer: answerWith(failure(upstream, 500), healthyPlan(), isHead), thrown: cause ?? 'nothing' }
  }
}

/** The reply, with the error that is told inside it. An answer that is an error already stays as it is. */
function spoken(upstream: Upstream, { errorInside }: AnswerPlan, reply: Reply): Reply {
  if (!errorInside || (reply?.status ?? 200) >= 400) return reply
  return withErrorInside(reply, errorBodyOf(upstream, errorInside.status), errorInside.fraction)
}

/** From the first piece of an answer to the last. */
function sendingMs(answer: Answer): Ms {
  return answer.is === 'sent' ? Math.max(0, answer.pieces.length - 1) * answer.intervalMs : 0
}

function failure(upstream: Upstream, status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers: { ...errorHeadersOf(upstream, status), ...headers }, body: errorBodyOf(upstream, status) }
}

/** `errorHeaders` is the user's own too; what cannot be sent is left out, or a failure could not be told at all. */
function errorHeadersOf(upstream: Upstream, status: number): Record<string, string> {
  try {
    const headers = upstream.errorHeaders(status)
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
    return headers
  } catch {
    return {}
  }
}

/** `errorBody` is the user's own too; what it cannot say as JSON is said in its place. */
function errorBodyOf(upstream: Upstream, status: number): unknown {
  try {
    const body = upstream.errorBody(status)
    if (body === undefined || typeof JSON.stringify(body) === 'string') return body
  } catch {
    // Said below.
  }
  return { error: STATUS_CODES[status] ?? 'Error' }
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

/** A target in absolute form means the same as its path (RFC 9112 §3.2.2). */
function split(target: string): [path: string, query: string] {
  const local = target.replace(/^https?:\/\/[^/?]*\/?/i, '/')
  const at = local.indexOf('?')
  return at < 0 ? [local, ''] : [local.slice(0, at), local.slice(at + 1)]
}
