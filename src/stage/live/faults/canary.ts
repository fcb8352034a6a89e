// A canary: one fresh connection through a proxy, which feels what a network fault does to connections.
// Every fake answers it at once, outside its log and its faults.
import { connect } from 'node:net'
import { CANARY_PATH } from '../../../contract/paths.ts'
import { CANARY_BYTES, CANARY_TIMEOUT, type CanaryResult } from '../../../faults/network/canary-signs.ts'
import { networkFault, networkTypeOf } from '../../../faults/network/networks.ts'
import { realClock } from '../../../kernel/clock.ts'
import type { NetworkFault } from '../../../faults/network/networks.ts'

const PADDING = 'x'.repeat(CANARY_BYTES)

/** Never rejects. An aborted canary reports what it had met so far. */
export function sendCanary(proxyUrl: string, signal: AbortSignal): Promise<CanaryResult> {
  const { hostname, port } = new URL(proxyUrl)
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
    socket.on('connect', () => {
      socket.write(
        `POST ${CANARY_PATH}?bytes=${PADDING.length} HTTP/1.1\r\nhost: canary\r\nconnection: close\r\ncontent-length: ${PADDING.length}\r\n\r\n${PADDING}`,
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
export function signOf(fault: NetworkFault, healthy: CanaryResult, seen: CanaryResult): string | undefined {
  const [attributes, stream, toxicity] =
    fault.is === 'down' ? [{}, 'upstream' as const, 1] : [fault.toxic.attributes, fault.stream, fault.toxicity]
  return networkFault(networkTypeOf(fault))?.sign(attributes, { healthy, seen, stream, toxicity })
}
