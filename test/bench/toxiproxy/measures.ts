// One measurement through one port.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Ms, realClock } from '../../../src/kernel/clock.ts'
import { BULK_BYTES } from './bulk.ts'

const SPAN: Ms = 1000
const MESSAGE = Buffer.alloc(64, 'x')

/** MB/s of one connection to a source. @throws Error when bytes are missing */
export async function bulkRate(port: number): Promise<number> {
  const socket = await dial(port)
  const began = realClock.now()
  let bytes = 0
  socket.on('data', (data: Buffer) => (bytes += data.length))
  await once(socket, 'close')
  if (bytes !== BULK_BYTES) throw new Error(`${bytes} of ${BULK_BYTES} bytes arrived`)
  return bytes / 1000 / (realClock.now() - began)
}

/** One small request after another to an echo, for a second: how many, and how long they take in µs. */
export async function roundTrips(port: number): Promise<{ rate: number; p50: number; p99: number }> {
  const socket = await dial(port)
  const took: number[] = []
  const began = realClock.now()
  await new Promise<void>((resolve) => {
    let sent = began
    socket.on('data', () => {
      const now = realClock.now()
      took.push((now - sent) * 1000)
      if (now - began > SPAN) return resolve()
      sent = now
      socket.write(MESSAGE)
    })
    socket.write(MESSAGE)
  })
  const span = realClock.now() - began
  socket.destroy()
  return { rate: (took.length / span) * 1000, p50: quantile(took, 0.5), p99: quantile(took, 0.99) }
}

/** p99 of how far round trips to an echo behind `latency` ms are from that, in ms; one every 5 ms. */
export async function latencyErrors(port: number, latency: Ms): Promise<number> {
  const socket = await dial(port)
  const sent: Ms[] = []
  const errors: Ms[] = []
  let bytes = 0
  socket.on('data', (data: Buffer) => {
    bytes += data.length
    while (errors.length < Math.floor(bytes / MESSAGE.length)) errors.push(Math.abs(realClock.now() - sent[errors.length]! - latency))
  })
  for (let message = 0; message < 200; message++) {
    sent.push(realClock.now())
    socket.write(MESSAGE)
    await realClock.sleep(5)
  }
  while (errors.length < sent.length) await once(socket, 'data')
  socket.destroy()
  return quantile(errors, 0.99)
}

/** Opens, uses and closes connections to an echo, 50 at a time. */
export async function churn(port: number, connections: number): Promise<void> {
  const one = async (): Promise<void> => {
    const socket = await dial(port)
    socket.write(MESSAGE)
    await once(socket, 'data')
    socket.end()
    await once(socket, 'close')
  }
  for (let left = connections; left > 0; left -= 50) await Promise.all(Array.from({ length: 50 }, one))
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)]!
}
