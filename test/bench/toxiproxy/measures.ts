// Measurements through the ports of a proxy, or of several in turn: what the machine does in between then hits all of them alike.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Ms, realClock } from '../../../src/kernel/clock.ts'
import type { Random } from '../../../src/kernel/random.ts'
import { BLOCK, BULK_BYTES } from './bulk.ts'

// A request, so that a front has something to find.
const MESSAGE = Buffer.from('GET /rest/1 HTTP/1.1\r\nhost: a\r\nx-request-id: 0123456789abcdef\r\n\r\n')
const MESSAGE_EVERY: Ms = 5

/** MB/s of one connection to a source. @throws Error when bytes are missing */
export async function download(port: number): Promise<number> {
  const began = realClock.now()
  let bytes = 0
  // Into the same memory: what is measured is the proxy, not this end.
  const callback = (read: number): boolean => {
    bytes += read
    return true
  }
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(BLOCK.length), callback } })
  await once(socket, 'close')
  if (bytes !== BULK_BYTES) throw new Error(`${bytes} of ${BULK_BYTES} bytes arrived`)
  return bytes / 1000 / (realClock.now() - began)
}

/** MB/s of one connection to a sink. */
export async function upload(port: number): Promise<number> {
  const began = realClock.now()
  const socket = await dial(port)
  const answered = once(socket, 'data')
  const head = Buffer.from(`PUT /rest HTTP/1.1\r\nhost: a\r\ncontent-length: ${BULK_BYTES}\r\n\r\n`)
  socket.write(head)
  for (let left = BULK_BYTES - head.length; left > 0; left -= BLOCK.length)
    if (!socket.write(BLOCK.subarray(0, Math.min(left, BLOCK.length)))) await once(socket, 'drain')
  await answered
  socket.destroy()
  return BULK_BYTES / 1000 / (realClock.now() - began)
}

/** µs of small requests to echoes for `span` ms, one after the other, each through a port drawn anew. */
export async function roundTrips(ports: Record<string, number>, span: Ms, random: Random): Promise<Record<string, number[]>> {
  const { names, sockets } = await dialAll(ports)
  const took = names.map((): number[] => [])
  const end = realClock.now() + span
  await new Promise<void>((resolve) => {
    let asked = 0
    let sent: Ms = 0
    const ask = (): void => {
      asked = random.integer(sockets.length)
      sent = realClock.now()
      sockets[asked]!.write(MESSAGE)
    }
    for (const socket of sockets)
      socket.on('data', () => {
        const now = realClock.now()
        took[asked]!.push((now - sent) * 1000)
        if (now < end) ask()
        else resolve()
      })
    ask()
  })
  for (const socket of sockets) socket.destroy()
  return byName(names, took)
}

/**
 * How far, in ms, small requests to echoes behind `latency` ms are from taking just that: `messages` through each port on
 * average, each through a port drawn anew, so that a port gets one every 5 ms.
 */
export async function latencyErrors(
  ports: Record<string, number>,
  latency: Ms,
  messages: number,
  random: Random,
): Promise<Record<string, number[]>> {
  const { names, sockets } = await dialAll(ports)
  const sent = names.map((): Ms[] => [])
  const errors = names.map((): Ms[] => [])
  const total = messages * sockets.length
  let answered = 0
  const all = Promise.withResolvers<void>()
  for (const [at, socket] of sockets.entries()) {
    let bytes = 0
    socket.on('data', (data: Buffer) => {
      const now = realClock.now()
      bytes += data.length
      for (; errors[at]!.length < Math.floor(bytes / MESSAGE.length); answered++)
        errors[at]!.push(Math.abs(now - sent[at]![errors[at]!.length]! - latency))
      if (answered === total) all.resolve()
    })
  }
  for (let message = 0; message < total; message++) {
    const at = random.integer(sockets.length)
    sent[at]!.push(realClock.now())
    sockets[at]!.write(MESSAGE)
    await realClock.sleep(MESSAGE_EVERY / sockets.length)
  }
  await all.promise
  for (const socket of sockets) socket.destroy()
  return byName(names, errors)
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

async function dialAll(ports: Record<string, number>): Promise<{ names: string[]; sockets: Socket[] }> {
  const names = Object.keys(ports)
  return { names, sockets: await Promise.all(Object.values(ports).map(dial)) }
}

function byName(names: string[], values: number[][]): Record<string, number[]> {
  return Object.fromEntries(names.map((name, at) => [name, values[at]!]))
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}
