// A client that is still sending never reads the answer if its connection is closed at once. So the rest of its body is read and thrown away
// for a moment; then the connection closes.
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Clock, Ms } from '../../kernel/clock.ts'

/** How long the rest of a body is read after the answer. */
const LINGER: Ms = 500

/** Calls `end` once the rest of the body is read, or the moment is over. */
export function endAfterBody(request: IncomingMessage, clock: Pick<Clock, 'after'>, end: () => void): void {
  const enough = clock.after(LINGER, end)
  request.on('close', enough).on('end', end).resume()
}

/** For answers of fastify handlers: each leaves at once, and ends when the body has. */
export function lingerAfterAnswers(app: FastifyInstance, clock: Pick<Clock, 'after'>): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || request.method === 'HEAD' || !isStillSending(request.raw)) return done(null, payload)
    // What still comes of the body is nobody's next request.
    reply.header('connection', 'close').header('content-length', String(Buffer.byteLength(payload)))
    const answer = new Readable({ read() {} })
    answer.push(payload)
    endAfterBody(request.raw, clock, () => void answer.push(null))
    done(null, answer)
  })
}

function isStillSending({ headers, complete, readableEnded }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return hasBody && !complete && !readableEnded
}
