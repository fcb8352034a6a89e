// How long the gateway took, on every answer that a fastify handler gives. Fastify's own `elapsedTime` is 0 unless fastify keeps a log.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { marks } from '../../contract/headers.ts'
import type { Clock, Ms } from '../../kernel/clock.ts'

const arrivals = new WeakMap<FastifyRequest, Ms>()

/** For the application whose hook it is, and all below it. */
export function tellResponseTime(app: FastifyInstance, clock: Pick<Clock, 'now'>): void {
  app.addHook('onRequest', (request, _reply, next) => {
    arrivals.set(request, clock.now())
    next()
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header(marks.responseTime, `${elapsed(request, clock).toFixed(1)}ms`)
    done()
  })
}

/** Since the request's head was read; 0 where it was refused before anybody looked at it. */
export function elapsed(request: FastifyRequest, clock: Pick<Clock, 'now'>): Ms {
  const now = clock.now()
  return now - (arrivals.get(request) ?? now)
}
