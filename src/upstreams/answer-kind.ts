// What a route of a fake answers with, found by asking it once, without a socket.
import type { Upstream } from './define.ts'
import { responder } from './answering/responder.ts'

/** An event stream, a body of another kind, or no body. */
export type AnswerKind = 'stream' | 'body' | 'nothing'

/** `bodies`: what it is asked with, in place of its own sample bodies. A route that throws at its own samples has no answer. */
export function answerKindOf(upstream: Upstream, name: string, bodies: readonly unknown[] = []): AnswerKind {
  const route = upstream.routes[name]
  if (!route) return 'nothing'
  const { method, samples } = route
  const [body = samples.bodies[0]] = bodies
  const { answer } = responder(upstream, 1).respond(
    {
      method,
      target: samples.paths[0] ?? route.path,
      headers: { 'content-type': 'application/json', ...samples.headers },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    },
    0,
  )
  if (answer.is !== 'sent' || answer.status >= 400) return 'nothing'
  if (/^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '')) return 'stream'
  return answer.pieces.length > 0 ? 'body' : 'nothing'
}
