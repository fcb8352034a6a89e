// Service `chain`: one request that several upstreams answer together, such as a chat.
//
//   search (fails open) ─▶ charge (fails closed) ─▶ answer ─▶ 200 to the client ─▶ save, snapshot (best effort)
//        └─ failed: the answer is a fallback  └─ failed: 503, and nothing after it is asked        └─ failed: logged
//
// A call that is not idempotent is repeated only under the client's own idempotency key: a cost may have been booked by the attempt before.
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { IDEMPOTENCY_KEY, marks, REQUEST_ID } from '../../../contract/headers.ts'
import { requestIdOf } from '../../request/refuse.ts'
import { Refused, type ServiceMeans, type ServiceReply } from '../service.ts'
import { type Fields, filledBody, filledPath, MissingField } from './fill.ts'
import type { ChainSettings, ChainStep } from './settings.ts'

/** How a step went. `begun`: after the answer, so that nobody knows yet. */
type StepView = { status: 'ok' } | { status: 'begun' } | { status: 'fallback' | 'failed'; reason: string }

export interface ChainBody {
  /** Null where the step that gives it failed open. */
  answer: unknown
  steps: Record<string, StepView>
}

const LONGEST_KEY = 200

const asked = z.record(z.string(), z.unknown())

export function chain(app: FastifyInstance, { settings, json, call, log }: ServiceMeans<ChainSettings>): void {
  const { address, steps, answer = steps[0]!.name } = settings
  const before = steps.filter(({ fails }) => fails !== 'best_effort')
  const after = steps.filter(({ fails }) => fails === 'best_effort')

  app.post(address, { schema: { summary: `Asks ${steps.map(({ upstream }) => upstream).join(', ')} in turn` } }, async (request, reply) => {
    const requestId = requestIdOf(request)
    const client = new AbortController()
    reply.raw.once('close', () => client.abort())
    const fields = fieldsOf(await json(request, asked))
    const key = request.headers[IDEMPOTENCY_KEY]
    const take = (step: ChainStep, signal?: AbortSignal): Promise<ServiceReply> => {
      const { upstream, method, path, body } = step
      return call(upstream, {
        method,
        path: filledPath(path, fields),
        requestId,
        ...(body !== undefined && { json: filledBody(body, fields) }),
        // One key for each step: two upstreams may share what they keep keys in.
        ...(typeof key === 'string' && key.trim() !== '' && { idempotencyKey: `${key.slice(0, LONGEST_KEY)}:${step.name}` }),
        ...(signal && { signal }),
      })
    }
    refuseUnfilled(steps, fields, answer)

    const views = new Map<string, StepView>()
    let given: unknown = null
    let instead: string | undefined
    for (const step of before) {
      const view = viewOf(await take(step, client.signal))
      if (client.signal.aborted) return reply.hijack()
      views.set(step.name, view.view)
      if (view.view.status === 'failed' && step.fails === 'closed') throw closed(step, view.view.reason)
      if (view.view.status !== 'ok') {
        instead ??= view.view.reason
        log.warn(
          { request: requestId, step: step.name, upstream: step.upstream, reason: view.view.reason },
          'the chain goes on without a step',
        )
      }
      if (step.name === answer) given = view.json
    }
    for (const { name } of after) views.set(name, { status: 'begun' })
    fields.set('answer', typeof given === 'string' ? given : JSON.stringify(given))

    reply.header(REQUEST_ID, requestId).header(marks.outcome, instead === undefined ? 'ok' : 'fallback')
    if (instead !== undefined) reply.header(marks.fallback, 'static').header(marks.fallbackReason, instead)
    reply.raw.once('close', () => void bestEffort())
    return { answer: given, steps: Object.fromEntries(views) } satisfies ChainBody

    async function bestEffort(): Promise<void> {
      for (const step of after) {
        const facts = { request: requestId, step: step.name, upstream: step.upstream }
        try {
          const { view } = viewOf(await take(step))
          if (view.status === 'failed') log.warn({ ...facts, reason: view.reason }, 'a step after the answer failed')
        } catch (error) {
          log.error({ ...facts, err: error }, 'a step after the answer met a defect')
        }
      }
    }
  })
}

/** Texts and numbers of the client's JSON. */
function fieldsOf(body: Readonly<Record<string, unknown>>): Map<string, string | number> {
  const fields = new Map<string, string | number>()
  for (const [name, value] of Object.entries(body)) if (typeof value === 'string' || typeof value === 'number') fields.set(name, value)
  return fields
}

/** Before any upstream is asked: a chain that begins must not break off for want of a field. */
function refuseUnfilled(steps: readonly ChainStep[], fields: Fields, answer: string): void {
  const withAnswer: Fields = new Map([...fields, ['answer', answer]])
  try {
    for (const { path, body = null } of steps) {
      filledPath(path, withAnswer)
      filledBody(body, withAnswer)
    }
  } catch (error) {
    if (error instanceof MissingField) throw new Refused({ reason: 'bad_request', technical: error.message })
    throw error
  }
}

function closed({ name, upstream }: ChainStep, reason: string): Refused {
  const detail = `The step that failed: ${name}.`
  return new Refused({ reason: 'step_failed', technical: `${name}: ${upstream} failed (${reason}); nothing after it was asked`, detail })
}

function viewOf(reply: ServiceReply): { view: Exclude<StepView, { status: 'begun' }>; json: unknown } {
  if (reply.is === 'refused') return { view: { status: 'failed', reason: reply.reason }, json: null }
  if (reply.is === 'given_up') return { view: { status: 'failed', reason: 'given_up' }, json: null }
  const value = parsed(reply.body)
  if (reply.outcome === 'upstream_error') return { view: { status: 'failed', reason: 'upstream_status' }, json: null }
  if (value === undefined) return { view: { status: 'failed', reason: 'body_broken' }, json: null }
  return { view: reply.outcome === 'ok' ? { status: 'ok' } : { status: 'fallback', reason: reply.reason }, json: value }
}

/** Undefined for what is no JSON; null for nothing. */
function parsed(body: Buffer): unknown {
  try {
    return body.length === 0 ? null : JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
