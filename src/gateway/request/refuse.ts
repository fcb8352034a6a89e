// Sends a refusal from a fastify handler.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { REQUEST_ID } from '../../contract/headers.ts'
import { isUsableId } from './headers.ts'
import { type Refusal, refusalAnswer } from './refusal.ts'

export function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): void {
  const { status, headers, body } = refusalAnswer(refusal, requestIdOf(request), 0)
  for (let at = 0; at < headers.length; at += 2) reply.header(headers[at]!, headers[at + 1])
  void reply.code(status).send(body)
}

/** The client's own, or one that was made for it. */
export function requestIdOf({ headers, id }: FastifyRequest): string {
  const brought = headers[REQUEST_ID]
  return typeof brought === 'string' && isUsableId(brought) ? brought : id
}
