// One fake upstream in operation: its faults, its memory, its capacity, its answers. It knows no socket and no clock.
//
//   request ──▶ route ──▶ decision ──▶ reply of the route, or failure ──▶ answer ──▶ a worker, or 503
import { REQUEST_ID } from '../../contract/headers.ts'
import { type IncomingHttpHeaders, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import { draws, Sfc32 } from '../../kernel/random.ts'
import { type Answer, answerWith } from './answer.ts'
import { type Asked, type Asking, reader } from './asked.ts'
import { withErrorInside } from './error-inside.ts'
import { capacityOf } from './capacity.ts'
import { type Decision, type Decider, decider } from './fault-decider.ts'
import { LastingAnswers } from './lasting-answers.ts'
import type { Reply, Upstream } from '../define.ts'
import { SeenRequest } from './seen-request.ts'
import type { CustomFaults } from '../../faults/custom-fault.ts'
import { type AnswerPlan, HEALTHY } from '../../faults/answer-plan.ts'

/** An incoming request, read to its end. */
export interface Incoming extends Asking {
  headers: IncomingHttpHeaders
}

export interface Answered {
  route: string | undefined
  request: string
  decision: Decision
  /** From arrival to the first byte, or to the cut: waiting for a worker, and the service time. */
  delayMs: Ms
  answer: Answer
  /** What the route, or a fault of the user's own, has thrown. The answer is a 500 then. */
  thrown: unknown
  /** Of the reply, where the request was worked on. */
  effect: string | null | undefined
}

export interface Responder {
  faults: Pick<Decider, 'set' | 'clear' | 'clearAll' | 'faults'>
  /** `now` is the time of arrival. */
  respond: (incoming: Incoming, now: Ms) => Answered
  /** A question: what requests ask that differ in nothing but their id. `headersOf` gives the headers of the request with an id. */
  read: (asking: Asking, headersOf: Asked['headersOf']) => Asked
  /** To one request of a question, and its n-th attempt. What answers it without chance or memory is computed once. */
  answer: (question: Asked, request: string, now: Ms, attempt?: number) => Answered
}

/** `custom` holds the users' own faults that may be set. */
export function responder(upstream: Upstream, seed: number, custom?: CustomFaults): Responder {
  const decisions = decider(upstream, seed, custom)
  const capacity = capacityOf(upstream)
  const read = reader(upstream)
  const replyFor = upstream.open()
  const replyDraw = draws(seed, `${upstream.name}/reply`)
  const randomOf = (ordinal: number): Sfc32 => new Sfc32(Math.floor(replyDraw(ordinal) * 2 ** 32))
  const lasting = new LastingAnswers()

  /** By its route, or as the plan's status says. A route is the user's own code: when it throws, the answer is the service's own 500. */
  const work = (asked: Asked, answered: Answered): void => {
    const { route } = asked
    const { plan, ordinal } = answered.decision
    const isHead = asked.method === 'HEAD'
    let reply: Reply | undefined
    try {
      if (plan.status) reply = failure(upstream, plan.status.code, plan.status.headers)
      else if (!route) reply = failure(upstream, 404)
      else reply = replyFor(route.name, new SeenRequest(asked, answered.request, ordinal, randomOf))
      answered.answer = answerWith(spoken(upstream, plan, reply), plan, isHead)
    } catch (cause) {
      answered.answer = answerWith(failure(upstream, 500), HEALTHY, isHead)
      answered.thrown = cause ?? 'nothing'
    }
    // A user's own route may reply what is no object.
    answered.effect = reply?.effect
    if (answered.thrown === undefined && answered.effect === undefined) lasting.keep(asked, plan, answered.answer)
  }

  const answer = (asked: Asked, request: string, now: Ms, attempt?: number): Answered => {
    const decision = decisions.decide(asked, request, attempt)
    const { plan, thrown } = decision
    const known = lasting.find(asked, plan)
    const answered: Answered = {
      route: asked.route?.name,
      request,
      decision,
      delayMs: 0,
      answer: known ?? SILENCE,
      thrown,
      effect: undefined,
    }
    if (!known && !plan.hangs) work(asked, answered)
    const serviceMs = decision.healthyMs + plan.delayMs
    const beginsAt = capacity.admit(decision, now, serviceMs + sendingMs(answered.answer))
    if (beginsAt !== undefined) {
      answered.delayMs = beginsAt - now + serviceMs
      return answered
    }
    // The request was refused before anybody worked on it: no fault acted but the one that leaves too few workers.
    decision.faults = decision.capacityOf === undefined ? [] : [decision.capacityOf]
    answered.answer = answerWith(failure(upstream, 503), HEALTHY, asked.method === 'HEAD')
    answered.effect = undefined
    return answered
  }

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
    respond: (incoming, now) =>
      answer(
        read(incoming, () => incoming.headers, false),
        String(incoming.headers[REQUEST_ID] ?? ''),
        now,
      ),
    read: (asking, headersOf) => read(asking, headersOf, true),
    answer,
  }
}

const SILENCE: Answer = { is: 'silence' }

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
