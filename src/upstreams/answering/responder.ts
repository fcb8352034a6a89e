// One fake upstream in operation: its faults, its memory, its capacity, its answers. It knows no socket and no clock.
//
//   request ──▶ route ──▶ decision ──▶ reply of the route, or failure ──▶ answer ──▶ a worker, or 503
import { REQUEST_ID } from '../../contract/headers.ts'
import { type IncomingHttpHeaders, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import { draws, type Random, seededRandom } from '../../kernel/random.ts'
import { type Answer, answerWith } from './answer.ts'
import { withErrorInside } from './error-inside.ts'
import { capacityOf } from './capacity.ts'
import { type Decision, type Decider, decider } from './fault-decider.ts'
import { LastingAnswers } from './lasting-answers.ts'
import type { Reply, Upstream } from '../define.ts'
import { router } from './routing.ts'
import { parsed, SeenRequest } from './seen-request.ts'
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
  /** Requests of one question have one method, target and body. What answers it without chance or memory is computed once. */
  question?: object
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
  const replyDraw = draws(seed, `${upstream.name}/reply`)
  const randomFor = (ordinal: number): Random => seededRandom(Math.floor(replyDraw(ordinal) * 2 ** 32))
  const lasting = new LastingAnswers(upstream.isForgetful)

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
      const decision = decisions.decide({ route: match?.route.name, method, request, marks: () => marksIn(query, request) })
      const { plan, ordinal, thrown: thrownByFault } = decision
      let seen: SeenRequest | undefined
      let replied: Reply | undefined
      const reply = (): Reply => {
        if (plan.status) return failure(upstream, plan.status.code, plan.status.headers)
        if (!match) return failure(upstream, 404)
        seen = new SeenRequest(incoming, path, query, match.params, () => randomFor(ordinal))
        return (replied = replyFor(match.route.name, seen))
      }
      const isHead = method === 'HEAD'
      const known = lasting.find(incoming, plan)
      const { answer, thrown = thrownByFault } = known ? { answer: known } : answered(upstream, plan, isHead, reply)
      if (!known && thrown === undefined && replied?.effect === undefined) lasting.keep(incoming, plan, answer, seen)
      const facts = { route: match?.route.name, request, ...(thrown !== undefined && { thrown }) }
      const serviceMs = decision.healthyMs + plan.delayMs
      const { beginsAt, faults } = capacity.admit(decision, now, serviceMs + sendingMs(answer))
      if (beginsAt !== undefined) {
        // A user's own route may reply what is no object.
        const effect = replied?.effect
        return {
          ...facts,
          decision: faults === decision.faults ? decision : { ...decision, faults },
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

/** A target in absolute form means the same as its path (RFC 9112 §3.2.2). */
function split(target: string): [path: string, query: string] {
  const local = target.replace(/^https?:\/\/[^/?]*\/?/i, '/')
  const at = local.indexOf('?')
  return at < 0 ? [local, ''] : [local.slice(0, at), local.slice(at + 1)]
}
