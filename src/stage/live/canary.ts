// Feels a network fault from the client's side: one fresh connection through the proxy, compared with one made before the fault.
import { connect } from 'node:net'
import { CANARY_PATH } from '../../contract/paths.ts'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { span } from '../../kernel/wording.ts'
import type { ExtendedToxicSpec, NetworkFault, ToxicSpec, ToxicStream } from '../../toxiproxy/toxics/toxic-spec.ts'

/** What a fresh connection met. Times run from its start. */
export interface Probe {
  outcome: 'complete' | 'cut_short' | 'reset' | 'refused' | 'silent'
  /** Until the first byte came; Infinity when none did. */
  firstByteMs: Ms
  /** Until the connection ended, or the probe gave up. */
  endMs: Ms
  /** In how many pieces the answer came. */
  pieces: number
}

/** Answered by every fake at once, outside its log and its faults. Bulky both ways, so that a slow link shows. */
const PADDING = 'x'.repeat(8 * 1024)
const PATIENCE: Ms = 400
const NOISE: Ms = 15

/** Never rejects; an aborted probe reports what it had met so far. */
export function probe(proxyUrl: string, signal: AbortSignal): Promise<Probe> {
  const { hostname, port } = new URL(proxyUrl)
  const started = realClock.now()
  let firstByteMs = Number.POSITIVE_INFINITY
  let pieces = 0
  let received = ''
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const finish = (outcome: Probe['outcome']): void => {
      giveUp()
      signal.removeEventListener('abort', abandon)
      socket.destroy()
      resolve({ outcome, firstByteMs, endMs: realClock.now() - started, pieces })
    }
    const ending = (): Probe['outcome'] => (isComplete(received) ? 'complete' : 'cut_short')
    const abandon = (): void => finish('silent')
    const giveUp = realClock.after(PATIENCE, () => finish(isComplete(received) ? 'complete' : 'silent'))
    signal.addEventListener('abort', abandon, { once: true })
    if (signal.aborted) return finish('silent')
    socket.on('connect', () => {
      socket.write(
        `POST ${CANARY_PATH}?bytes=${PADDING.length} HTTP/1.1\r\nhost: probe\r\nconnection: close\r\ncontent-length: ${PADDING.length}\r\n\r\n${PADDING}`,
      )
    })
    socket.on('data', (chunk) => {
      if (pieces++ === 0) firstByteMs = realClock.now() - started
      received += chunk.toString('latin1')
    })
    socket.on('end', () => finish(ending()))
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED' ? 'refused' : 'reset'))
  })
}

function isComplete(answer: string): boolean {
  const [head = '', body] = answer.split(/\r\n\r\n(.*)/s)
  const length = Number(/content-length: *(\d+)/i.exec(head)?.[1])
  return body !== undefined && body.length >= length
}

/** What shows that the fault acts, as a sentence; undefined while nothing does. */
export function feels(fault: NetworkFault, healthy: Probe, seen: Probe): string | undefined {
  if (fault.is === 'down') return seen.outcome === 'refused' ? 'the connection was refused' : undefined
  const { type, attributes } = fault.toxic
  if (isUnfelt(type, fault.stream) && fault.toxicity === 1)
    return seen.outcome === 'complete' ? 'a connection went through it; a short one cannot feel it' : undefined
  return signs[type](attributes as Numbers, healthy, seen)
}

/** What these do to a request only the upstream could tell, and `limit_time` shows only on connections that last. */
function isUnfelt(type: Toxic['type'], stream: ToxicStream): boolean {
  return type === 'limit_time' || (stream === 'upstream' && (type === 'slicer' || type === 'slow_close'))
}

type Toxic = ToxicSpec | ExtendedToxicSpec
/** The attributes that say how much of it should be felt. */
type Numbers = { latency?: number; jitter?: number; rate?: number; delay?: number }
type Sign = (attributes: Numbers, healthy: Probe, seen: Probe) => string | undefined

const isBroken = ({ outcome }: Probe): boolean => outcome === 'reset' || outcome === 'cut_short'
const endedEarly: Sign = (_attributes, _healthy, seen) => (isBroken(seen) ? `the connection ended early (${seen.outcome})` : undefined)
const neverAnswered: Sign = (_attributes, _healthy, seen) =>
  seen.outcome === 'complete' ? undefined : `the answer never came (${seen.outcome})`
const slowAnswer: Sign = ({ rate = 0 }, healthy, seen) =>
  slower(healthy.endMs, seen.endMs, rate === 0 ? PATIENCE : PADDING.length / rate, 'the answer')
const lateAnswer: Sign = ({ latency = 0, jitter = 0 }, healthy, seen) =>
  slower(healthy.firstByteMs, seen.firstByteMs, Math.max(latency - jitter, (latency + jitter) / 2), 'the first byte')

const signs: Record<Toxic['type'], Sign> = {
  latency: lateAnswer,
  jitter: lateAnswer,
  bandwidth: slowAnswer,
  shared_bandwidth: slowAnswer,
  slow_close: ({ delay = 0 }, healthy, seen) => slower(healthy.endMs, seen.endMs, delay, 'the close'),
  timeout: neverAnswered,
  packet_loss: neverAnswered,
  reset_peer: endedEarly,
  fail_first: endedEarly,
  slicer: (_attributes, healthy, seen) =>
    seen.pieces > healthy.pieces ? `the answer came in ${seen.pieces} pieces, not ${healthy.pieces}` : undefined,
  limit_data: (_attributes, _healthy, seen) => (seen.outcome === 'cut_short' ? 'the answer was cut short' : undefined),
  limit_time: () => undefined,
}

function slower(healthy: Ms, seen: Ms, expected: Ms, what: string): string | undefined {
  const needed = healthy + Math.max(Math.min(expected, PATIENCE) / 2, NOISE)
  return seen >= needed ? `${what} took ${span(seen)}, not ${span(healthy)}` : undefined
}
