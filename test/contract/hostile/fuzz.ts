// Bytes that were once sensible: requests and answers with something broken in them, drawn from a seed. The same seed draws the same bytes.
import { type Ms, realClock } from '../../../src/kernel/clock.ts'
import type { Random } from '../../../src/kernel/random.ts'

/** How long a fuzzer goes on: 5 s in `npm test`, as long as `FUZZ_SECONDS` says elsewhere. */
export const fuzzMs: Ms = Number(process.env['FUZZ_SECONDS'] ?? 5) * 1000

/** Printed with every failure; `FUZZ_SEED` plays it again. */
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? 20_260_101)

/** How many it sends, where that is asked for: it then goes on for as long as that takes. */
export const fuzzAsked = { requests: numberIn('FUZZ_REQUESTS'), answers: numberIn('FUZZ_ANSWERS') }

/** For a test: what it was asked for may take minutes. */
export const fuzzTimeout: Ms = fuzzAsked.requests || fuzzAsked.answers ? 600_000 : fuzzMs + 60_000

const AT_ONCE = 8

/** A number that is asked for, and how many of it were sent. */
interface Count {
  asked: number | undefined
  sent: () => number
}

/**
 * Calls `each` with 0, 1, 2, …, a few at once, until the time is over; or until as many were sent as are asked for.
 * @throws Error when hardly anything was sent
 */
export async function fuzz(each: (ordinal: number) => Promise<void>, { asked, sent }: Count): Promise<void> {
  const end = realClock.now() + fuzzMs
  let played = 0
  const goesOn = (): boolean => (asked === undefined ? realClock.now() < end : sent() < asked)
  const worker = async (): Promise<void> => {
    while (goesOn()) await each(played++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  if (sent() < (asked ?? fuzzMs / 50)) throw new Error(`only ${sent()} were sent`)
}

function numberIn(variable: string): number | undefined {
  const text = process.env[variable]
  return text === undefined ? undefined : Number(text)
}

export interface Vocabulary {
  methods: readonly string[]
  targets: readonly string[]
  headers: readonly string[]
  bodies: readonly string[]
}

const ODD = [
  '\0',
  '\r',
  '\n',
  '\t',
  '\x7f',
  '\x80',
  '\xff',
  ' ',
  ':',
  ',',
  ';',
  '%',
  '%00',
  '%2e',
  '%2f',
  '..',
  '//',
  '\\',
  '{',
  '"',
  '#',
  '?',
  '__proto__',
  'constructor',
]

const FRAMING = [
  'content-length: 0',
  'content-length: 5',
  'content-length: -1',
  'content-length: 5, 5',
  'content-length: 99999999999999999999',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding: chunked, chunked',
  'transfer-encoding:\tchunked',
  'connection: close',
  'connection: keep-alive, host, content-length',
  'connection: __proto__',
  'expect: 100-continue',
  'expect: x',
  'upgrade: websocket',
  'te: trailers',
  'trailer: x',
  'host: y',
  'content-encoding: gzip',
  'content-encoding: GZIP, br',
  'content-encoding: constructor',
  'idempotency-key:  ',
  'x-request-id: \x01',
  'max-forwards: 0',
  'via: 1.1 x',
  'range: bytes=0-1',
  'cache-control: only-if-cached',
  '__proto__: 1',
  'constructor: 1',
]

/** One to three requests on one connection, mostly broken. */
export function fuzzedBytes(random: Random, vocabulary: Vocabulary): { bytes: Buffer; requests: number } {
  const requests = 1 + random.integer(3)
  const text = Array.from({ length: requests }, () => request(random, vocabulary)).join('')
  return { bytes: Buffer.from(damaged(random, text), 'latin1'), requests }
}

/** An answer of an upstream, mostly broken. */
export function fuzzedAnswer(random: Random): Buffer {
  const body = 'x'.repeat(random.integer(20))
  const status = pick(random, [
    '200 OK',
    '204 No',
    '205 Reset',
    '304 Same',
    '100 Continue',
    '103 Early Hints',
    '503 No',
    '999 Odd',
    '101 Up',
    '000 x',
  ])
  const lines = some(random, [
    ...FRAMING,
    'content-type: text/event-stream',
    'content-type: application/json',
    'retry-after: 0',
    'etag: "e"',
    'vary: *',
  ])
  const length = random.next() < 0.7 ? [`content-length: ${body.length}`] : []
  const head = `HTTP/1.1 ${status}\r\n${[...lines, ...length].map((line) => `${line}\r\n`).join('')}\r\n`
  const text = random.next() < 0.2 ? `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\nx: 1\r\n\r\n` : head + body
  return Buffer.from(damaged(random, text), 'latin1')
}

function request(random: Random, { methods, targets, headers, bodies }: Vocabulary): string {
  const version = random.next() < 0.9 ? 'HTTP/1.1' : pick(random, ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', ''])
  const host = random.next() < 0.95 ? ['host: 127.0.0.1'] : []
  const body = random.next() < 0.4 ? pick(random, bodies) : ''
  const length = body !== '' && random.next() < 0.8 ? [`content-length: ${body.length}`] : []
  const lines = [...host, ...length, ...some(random, [...FRAMING, ...headers])]
  return `${pick(random, methods)} ${pick(random, targets)} ${version}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`
}

function damaged(random: Random, text: string): string {
  let bytes = text
  for (let times = random.integer(3); times > 0; times--) {
    const at = random.integer(bytes.length + 1)
    const kind = random.integer(5)
    if (kind === 0) bytes = bytes.slice(0, at)
    else if (kind === 1) bytes = bytes.slice(0, at) + pick(random, ODD) + bytes.slice(at)
    else if (kind === 2) bytes = bytes.slice(0, at) + String.fromCharCode(random.integer(256)) + bytes.slice(at + 1)
    else if (kind === 3) bytes = bytes.slice(0, at) + bytes.slice(at + 1 + random.integer(8))
    else bytes = bytes.slice(0, at) + bytes.slice(at, at + 40).repeat(1 + random.integer(50)) + bytes.slice(at)
  }
  return bytes
}

function some(random: Random, from: readonly string[]): string[] {
  return Array.from({ length: random.integer(4) }, () => pick(random, from))
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(from.length)]!
}
