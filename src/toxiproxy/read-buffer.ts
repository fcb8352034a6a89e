// The memory that a socket reads into, used again and again instead of 64 KiB afresh for each read: allocating is what a
// proxy in Node spends most of its time on. It grows while reads fill it, so that idle connections stay small.
import type { OnReadOpts } from 'node:net'

const SMALLEST = 4 * 1024
const LARGEST = 256 * 1024

/** @param read takes what was read, and tells whether the memory is still needed after it returned */
export function reusedBuffer(read: (data: Buffer) => boolean): OnReadOpts {
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
