// Who is admitted to the operators' addresses. With a token: who brings it. Without one: programs on this machine, and nobody who lets
// this machine ask for them: a reverse proxy on it, a page in a browser on it, or a name that was made to point at it (DNS rebinding).
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../request/refuse.ts'

/** Each is set by something that asks for somebody else. */
const OF_PROXIES = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
  'cf-connecting-ip',
  'true-client-ip',
]

/** Lets operators in, and refuses everybody else. */
export function operatorsOnly(adminToken: string | undefined) {
  return (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
    const problem = operatorProblem(request.raw, adminToken)
    if (problem === undefined) return next()
    refuse(request, reply, { reason: 'forbidden', technical: `only operators are admitted here; ${problem}` })
  }
}

/** Why `request` is not admitted; undefined when it is. */
function operatorProblem(request: IncomingMessage, token: string | undefined): string | undefined {
  if (token !== undefined) return bringsToken(request.headers.authorization, token) ? undefined : 'send the token as a bearer token'
  const remedy = 'or configure server.adminToken'
  const { host, origin, 'sec-fetch-site': site } = request.headers
  if (!isLoopback(request.socket.remoteAddress ?? '')) return `ask from this machine, ${remedy}`
  if (OF_PROXIES.some((name) => request.headers[name] !== undefined)) return `ask without a proxy between, ${remedy}`
  if (host !== undefined && !isLoopbackHost(host)) return `ask for localhost or 127.0.0.1, ${remedy}`
  if (site !== undefined && site !== 'none' && site !== 'same-origin') return `ask from no other site's page, ${remedy}`
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) return `ask from no other site's page, ${remedy}`
  return undefined
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

function isLoopbackHost(host: string): boolean {
  return /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host)
}

// The scheme's name has no letter case (RFC 9110 §11.1).
function bringsToken(authorization: string | undefined, token: string): boolean {
  const [, brought] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  const expected = Buffer.from(token, 'latin1')
  const given = Buffer.from(brought ?? '', 'latin1')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
