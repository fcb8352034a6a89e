// Requests to the control API that no client would send: valid ones with something broken in them.
import type { Random } from '../../../../src/kernel/random.ts'

export interface FuzzedRequest {
  method: string
  path: string
  body: string | undefined
}

const VALUES = [
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e400',
  '9223372036854775808',
  '"text"',
  '"\\ud800"',
  '""',
  '[]',
  '{}',
  '[1,{"a":2}]',
  '"127.0.0.1:0"',
  '{"__proto__":1}',
]
const KEYS = [
  'name',
  'NAME',
  'listen',
  'upstream',
  'enabled',
  'type',
  'stream',
  'toxicity',
  'attributes',
  'latency',
  '__proto__',
  'constructor',
  'toString',
  'Logger',
  '',
]
const TYPES = [
  'latency',
  'bandwidth',
  'slow_close',
  'timeout',
  'slicer',
  'limit_data',
  'noop',
  'reset_peer',
  'constructor',
  '__proto__',
  'down',
]
const METHODS = ['GET', 'POST', 'POST', 'POST', 'PATCH', 'DELETE', 'PUT']

/** `proxy` is one that exists; proxies made by the way are called `fuzz…`. */
export function fuzzedRequest(random: Random, proxy: string, upstream: string): FuzzedRequest {
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)]!
  const fuzz = `fuzz${random.integer(20)}`
  const method = pick(METHODS)
  const path = pick([
    '/proxies',
    '/proxies',
    '/populate',
    `/proxies/${fuzz}`,
    `/proxies/${fuzz}/toxics`,
    `/proxies/${proxy}/toxics`,
    `/proxies/${proxy}/toxics/${pick(TYPES)}_downstream`,
    `/proxies/${encodeURIComponent(pick(['ü', ' ', '%', '__proto__', 'a b']))}`,
    `/gatecrash/proxies/${proxy}/toxics`,
    '/nowhere',
    '/proxies/',
  ])
  if (method === 'GET') return { method, path, body: undefined }
  return { method, path, body: broken(random, sensible(random, path, fuzz, upstream)) }
}

function sensible(random: Random, path: string, name: string, upstream: string): string {
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)]!
  const toxic = {
    type: pick(TYPES),
    stream: pick(['upstream', 'downstream', 'UPSTREAM', 'x']),
    toxicity: random.next() * 2,
    attributes: { latency: random.integer(5) },
  }
  if (path.endsWith('toxics') || path.includes('/toxics/')) return JSON.stringify(toxic)
  const proxy = { name, listen: '127.0.0.1:0', upstream, enabled: random.next() < 0.5 }
  return JSON.stringify(path === '/populate' ? [proxy] : proxy)
}

function broken(random: Random, body: string): string {
  const at = random.integer(Math.min(body.length, 16))
  const value = VALUES[random.integer(VALUES.length)]!
  const key = JSON.stringify(KEYS[random.integer(KEYS.length)])
  switch (random.integer(6)) {
    case 0:
      return body.slice(0, random.integer(body.length))
    // Only where names and keys are: a broken address would be looked up by whatever resolves names here.
    case 1:
      return body.slice(0, at) + String.fromCharCode(random.integer(256)) + body.slice(at + 1)
    case 2:
      return body.replace(/:[^,}]+/, `:${value}`)
    case 3:
      return body.replace('{', `{${key}:${value},`)
    case 4:
      return value
    default:
      return body
  }
}
