// Puts a decided answer on its socket: when, in which pieces, and how it ends.
import type { ServerResponse } from 'node:http'
import type { Cancel, Clock, Ms } from '../../kernel/clock.ts'
import { type BodyMeter, bodyMeter } from '../../contract/body-checksum.ts'
import { type EventStream, eventStreamMeter, mediaType } from '../../evidence/event-stream/event-stream-meter.ts'
import { bytesIn } from '../../contract/piece.ts'
import type { Answer } from '../answering/answer.ts'

export interface Sending {
  /** Sends nothing more. */
  cancel: Cancel
  /** Whether a fault has ended the connection, and not the client. */
  cutByUs(): boolean
  /** The bytes of the body that were sent. */
  readonly sent: Pick<BodyMeter, 'length' | 'checksum'>
  /** The events that were sent, where the answer is a stream of them. */
  events(): EventStream | undefined
}

/** Sends `answer` after `delayMs`. Nothing more is sent once the client is gone or `cancel` was called. */
export function send(answer: Answer, outgoing: ServerResponse, delayMs: Ms, clock: Clock): Sending {
  let pending: Cancel = () => {}
  let cut = false
  const sent = bodyMeter()
  const stream = answer.is === 'sent' ? eventStreamMeter(mediaType(answer.headers['content-type']), true) : undefined
  const text = stream && new TextDecoder()
  const end = (how: 'reset' | 'end' | 'hold'): void => {
    if (how === 'hold') return
    cut = true
    const { socket } = outgoing
    if (how === 'reset') socket?.resetAndDestroy()
    else socket?.destroySoon()
  }
  const sendFrom = (index: number): void => {
    if (answer.is !== 'sent') return
    const { pieces, ending } = answer
    if (index === pieces.length) return void (ending === 'complete' ? outgoing.end() : end(ending))
    const piece = bytesIn(pieces[index]!)
    sent.add(piece)
    stream?.add(text!.decode(piece, { stream: true }))
    const isLast = index === pieces.length - 1
    if (isLast && ending === 'complete') return void outgoing.end(piece)
    // A reset drops bytes that the kernel has not sent yet, so it waits until they have left.
    outgoing.write(piece, () => {
      if (outgoing.destroyed) return
      if (isLast) sendFrom(index + 1)
      else pending = clock.after(answer.intervalMs, () => sendFrom(index + 1))
    })
  }
  const begin = (): void => {
    if (answer.is === 'cut') end(answer.how)
    else if (answer.is === 'sent') {
      try {
        outgoing.writeHead(answer.status, answer.headers)
      } catch {
        // Runs in a timer, where a throw would end the process. A head that Node refuses is no answer.
        return end('end')
      }
      if (answer.pieces.length > 1 || answer.ending !== 'complete') outgoing.flushHeaders()
      sendFrom(0)
    }
  }
  if (answer.is !== 'silence') {
    if (delayMs > 0) pending = clock.after(delayMs, begin)
    else begin()
  }
  return { cancel: () => pending(), cutByUs: () => cut, sent, events: () => stream?.end() }
}
