// How long the gateway took, on every answer that a fastify handler gives.
import type { FastifyInstance } from 'fastify'
import { marks } from '../../contract/headers.ts'

export function tellResponseTime(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header(marks.responseTime, `${reply.elapsedTime.toFixed(1)}ms`)
    done()
  })
}
