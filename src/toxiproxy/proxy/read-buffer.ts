// The memory that a socket reads into, used again and again instead of 64 KiB afresh for each read: allocating is what a
// proxy in Node spends most of its time on. It grows while reads fill it, so that idle connections stay small.
import { type BoundSocket, type OnReadOpts, Socket } from 'node:net'

// What Toxiproxy reads at once: toxics act on pieces of this size.
const SMALLEST = 32 * 1024
const LARGEST = 256 * 1024

/** Takes what was read, and tells whether the memory is still needed after it returned. */
export type Reader = (data: Buffer) => boolean

/** For a socket that dials. */
export function reusedBuffer(read: Reader): OnReadOpts {
  let buffer = Buffer.allocUnsafeSlow(SMALLEST)
  return {
    buffer: () => buffer,
    callback(bytes) {
      const inUse = read(buffer.subarray(0, bytes))
      const size = bytes === buffer.length ? Math.min(2 * bytes, LARGEST) : buffer.length
      // What is in use is left to its user.
      if (inUse || size > buffer.length) buffer = Buffer.allocUnsafeSlow(size)
      return true
    },
  }
}

/**
 * For an accepted socket, which must be paused. Node takes such memory only when a socket is made, and makes the accepted ones itself:
 * so the connection moves to a socket of ours, paused too. The accepted one stays behind for the server, which counts it until it closes.
 */
export function movedToReusedBuffer(accepted: Socket, read: Reader): Socket {
  // Not in the types, which know only handles of a program's own making. Were it gone one day, reads would be as slow as anywhere.
  const shell = accepted as Socket & { _handle: BoundSocket | null }
  const handle = shell._handle
  if (!handle) return accepted.on('data', read)
  shell._handle = null
  const options = { handle, pauseOnCreate: true, allowHalfOpen: accepted.allowHalfOpen, onread: reusedBuffer(read) }
  return new Socket(options).once('close', () => accepted.destroy())
}
