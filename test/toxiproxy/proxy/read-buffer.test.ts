import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { movedToReusedBuffer, reusedBuffer, type Reader } from '../../../src/toxiproxy/proxy/read-buffer.ts'

const KIB = 1024

/** Plays a socket that reads: fills `bytes` of the buffer it is given, and returns that buffer. */
function reading(read: Reader): (bytes: number) => Uint8Array {
  const options = reusedBuffer(read)
  return (bytes) => {
    const memory = typeof options.buffer === 'function' ? options.buffer() : options.buffer
    options.callback(bytes, memory)
    return memory
  }
}

describe('the memory that a socket reads into', () => {
  it('is the same again once it is free, and left to whoever still needs it', () => {
    let needed = false
    const read = reading(() => needed)
    const first = read(10)
    needed = true
    expect(read(10)).toBe(first)
    needed = false
    const second = read(10)
    expect(second).not.toBe(first)
    expect(read(10)).toBe(second)
  })

  it('holds what Toxiproxy reads at once, and grows only while reads fill it', () => {
    const read = reading(() => false)
    const lengths = [10, 32 * KIB, 40 * KIB, 64 * KIB, 128 * KIB, 256 * KIB, 256 * KIB].map((bytes) => read(bytes).length / KIB)
    expect(lengths).toEqual([32, 32, 64, 64, 128, 256, 256])
  })

  it('hands over what was read, not what was left from before', () => {
    const seen: number[] = []
    const read = reading((data) => (seen.push(data.length), false))
    for (const bytes of [100, 7]) read(bytes)
    expect(seen).toEqual([100, 7])
  })

  it('is not asked for by an accepted socket whose connection cannot be moved, which reads all the same', async () => {
    const seen: string[] = []
    const accepted = new Socket({ allowHalfOpen: true })
    const socket = movedToReusedBuffer(accepted, (data) => (seen.push(data.toString()), false))
    expect(socket).toBe(accepted)
    socket.push('one')
    socket.resume()
    await new Promise((turn) => setImmediate(turn))
    expect(seen).toEqual(['one'])
  })
})
