// Takes `100 Continue` out of what an upstream sends. RFC 9110 §15.2.1 lets an upstream send one unasked, and tells its client to discard
// it; undici ends the connection instead, and the upstream would be blamed.
import type { Socket } from 'node:net'

const BEGINNING = /^HTTP\/1\.[01] 100[ \r\n]/
/** Bytes that tell whether BEGINNING matches. */
const TELLING = 13
const LONGEST = 16 * 1024
const ZERO = 0x30
const ONE = 0x31

/** undici writes a request's head as text, and reads with `read()`. Only what comes first after a head is looked at. */
export function skipContinue(socket: Socket): void {
  const write = socket.write.bind(socket) as (...written: unknown[]) => boolean // its overloads differ in what they leave out
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null // no encoding is ever set
  let awaitsHead = false
  let held: Buffer | undefined
  socket.write = (chunk: unknown, ...more: unknown[]) => {
    if (typeof chunk === 'string') awaitsHead = true
    return write(chunk, ...more)
  }
  socket.read = (size?: number) => {
    let chunk = read(size)
    if (!awaitsHead || chunk === null) return chunk
    // The status's digits: nearly every answer is known by them.
    if (!held && chunk.length >= TELLING && !(chunk[9] === ONE && chunk[10] === ZERO && chunk[11] === ZERO)) {
      awaitsHead = false
      return chunk
    }
    if (held) chunk = Buffer.concat([held, chunk])
    held = undefined
    for (;;) {
      const begins = chunk.length < TELLING ? mayBegin(chunk) : BEGINNING.test(chunk.toString('latin1', 0, TELLING))
      if (!begins || chunk.length > LONGEST) {
        awaitsHead = false
        return chunk
      }
      const end = chunk.indexOf('\r\n\r\n')
      if (end < 0) {
        held = chunk
        return null
      }
      chunk = chunk.subarray(end + 4)
      if (chunk.length === 0) return null
    }
  }
}

/** Whether the few bytes of `chunk` are the beginning of a `100`. */
function mayBegin(chunk: Buffer): boolean {
  const text = chunk.toString('latin1')
  return 'HTTP/1.1 100 '.startsWith(text) || 'HTTP/1.0 100 '.startsWith(text)
}
