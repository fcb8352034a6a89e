// A canary: one fresh connection through a proxy, which feels what a network fault does to connections.
// Every fake answers it at once, outside its log and its faults; a Redis does so anyhow.
import { connect } from 'node:net'
import { CANARY_PATH } from '../../../contract/paths.ts'
import { CANARY_BYTES, CANARY_TIMEOUT, type CanaryResult } from '../../../faults/network/canary-signs.ts'
import { networkFault, networkTypeOf } from '../../../faults/network/networks.ts'
import { realClock } from '../../../kernel/clock.ts'
import type { NetworkFault } from '../../../faults/network/networks.ts'

const PADDING = 'x'.repeat(CANARY_BYTES)

/** What is sent, and whether an answer to it is whole. The other side ends the connection after it. */
interface Question {
  text: string
  isComplete: (answer: string) => boolean
}

const toFake: Question = {
  text: `POST ${CANARY_PATH}?bytes=${PADDING.length} HTTP/1.1\r\nhost: canary\r\nconnection: close\r\ncontent-length: ${PADDING.length}\r\n\r\n${PADDING}`,
  isComplete(answer) {
    const [head = '', body] = answer.split(/\r\n\r\n(.*)/s)
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1])
    return body !== undefined && body.length >= length
  },
}

const toRedis: Question = {
  text: `*2\r\n$4\r\nECHO\r\n$${PADDING.length}\r\n${PADDING}\r\n*1\r\n$4\r\nQUIT\r\n`,
  isComplete: (answer) => answer === `$${PADDING.length}\r\n${PADDING}\r\n+OK\r\n`,
}

/** To a fake. Never rejects. An aborted canary reports what it had met so far. */
export function sendCanary(proxyUrl: string, signal: AbortSignal): Promise<CanaryResult> {
  return ask(proxyUrl, toFake, signal)
}

/** To a Redis, as it speaks. Never rejects. */
export function sendRedisCanary(proxyUrl: string, signal: AbortSignal): Promise<CanaryResult> {
  return ask(proxyUrl, toRedis, signal)
}

function ask(url: string, { text, isComplete }: Question, signal: AbortSignal): Promise<CanaryResult> {
  const { hostname, port } = new URL(url)
  const started = realClock.now()
  let firstByteMs = Number.POSITIVE_INFINITY
  let pieces = 0
  let received = ''
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    const finish = (outcome: CanaryResult['outcome']): void => {
      giveUp()
      signal.removeEventListener('abort', abandon)
      socket.destroy()
      resolve({ outcome, firstByteMs, endMs: realClock.now() - started, pieces })
    }
    const ending = (): CanaryResult['outcome'] => (isComplete(received) ? 'complete' : 'cut_short')
    const abandon = (): void => finish('silent')
    const giveUp = realClock.after(CANARY_TIMEOUT, () => finish(isComplete(received) ? 'complete' : 'silent'))
    signal.addEventListener('abort', abandon, { once: true })
    if (signal.aborted) return finish('silent')
    socket.on('connect', () => socket.write(text))
    socket.on('data', (chunk) => {
      if (pieces++ === 0) firstByteMs = realClock.now() - started
      received += chunk.toString('latin1')
    })
    socket.on('end', () => finish(ending()))
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED' ? 'refused' : 'reset'))
  })
}

/** What shows that the fault acts, as a sentence; undefined while nothing does. */
export function signOf(fault: NetworkFault, healthy: CanaryResult, seen: CanaryResult): string | undefined {
  const [attributes, stream, toxicity] =
    fault.is === 'down' ? [{}, 'upstream' as const, 1] : [fault.toxic.attributes, fault.stream, fault.toxicity]
  return networkFault(networkTypeOf(fault))?.sign(attributes, { healthy, seen, stream, toxicity })
}
