// The memory that a socket reads into. It is used again for each read: by default Node allocates 64 KiB a read, and a proxy spends
// most of its time on that. It grows while reads fill it, so that idle connections stay small.
import { type BoundSocket, type OnReadOpts, Socket } from 'node:net'

// What Toxiproxy reads at once. Toxics act on pieces of this size.
const SMALLEST = 32 * 1024
const LARGEST = 256 * 1024

/** Takes what was read, and returns whether its memory is still needed. */
export type Reader = (data: Buffer) => boolean

/** For a socket that dials. */
export function reusedBuffer(read: Reader): OnReadOpts {
  let buffer = Buffer.allocUnsafeSlow(SMALLEST)
  return {
    buffer: () => buffer,
    callback(bytes) {
      const inUse = read(buffer.subarray(0, bytes))
      const size = bytes === buffer.length ? Math.min(2 * bytes, LARGEST) : buffer.length
      // Memory that is still needed is left to its user.
      if (inUse || size > buffer.length) buffer = Buffer.allocUnsafeSlow(size)
      return true
    },
  }
}

/**
 * For an accepted socket, which must be paused. Node takes such memory only when a socket is made, and makes accepted sockets itself.
 * So the connection moves to a new socket, also paused. The accepted socket stays behind for the server, which counts it until it closes.
 */
export function movedToReusedBuffer(accepted: Socket, read: Reader): Socket {
  // The types know only handles that a program made itself. Should Node drop this member, reads fall back to the usual speed.
  const shell = accepted as Socket & { _handle: BoundSocket | null }
  const handle = shell._handle
  if (!handle) return accepted.on('data', read)
  shell._handle = null
  const options = { handle, pauseOnCreate: true, allowHalfOpen: accepted.allowHalfOpen, onread: reusedBuffer(read) }
  return new Socket(options).once('close', () => accepted.destroy())
}
