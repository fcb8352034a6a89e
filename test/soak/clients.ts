// Clients of a soak, by what they do. Each returns when it has left, whatever became of it.
import { type Agent, request } from 'undici'
import type { Ms } from '../../src/kernel/clock.ts'
import { realClock } from '../../src/kernel/clock.ts'
import { open } from '../contract/hostile/raw.ts'

export interface Target {
  port: number
  /** Connections of the clients that behave. */
  agent: Agent
}

export type Client = (target: Target, staysMs: Ms) => Promise<void>

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: soak\r\n\r\n`

/** Sends the text on a connection of its own, reads or not, and leaves after a while. */
const sends =
  (text: string, { reads = true } = {}): Client =>
  async ({ port }, staysMs) => {
    const socket = await open(port)
    socket.on('error', () => {})
    if (reads) socket.resume()
    else socket.pause()
    socket.write(text)
    await realClock.sleep(staysMs)
    socket.destroy()
  }

export const clients = {
  asks: async ({ port, agent }) => {
    const options = { dispatcher: agent, headersTimeout: 5000, bodyTimeout: 5000 }
    const answer = await request(`http://127.0.0.1:${port}/a/greet/ada`, options).catch(() => undefined)
    await answer?.body.dump().catch(() => {})
  },
  'sends a body': async ({ port, agent }) => {
    const options = { dispatcher: agent, method: 'POST', body: 'x'.repeat(50_000), headersTimeout: 5000, bodyTimeout: 5000 } as const
    const answer = await request(`http://127.0.0.1:${port}/a/visits`, options).catch(() => undefined)
    await answer?.body.dump().catch(() => {})
  },
  'reads a stream': sends(get('/a/ticks')),
  'stalls before an answer': sends(get('/a/large'), { reads: false }),
  'stalls before a stream': sends(get('/a/ticks'), { reads: false }),
  'stalls in a head': sends('GET /a/greet/ada HTTP/1.1\r\nhost: so'),
  'stalls in a body': sends('POST /a/visits HTTP/1.1\r\nhost: soak\r\ncontent-length: 5000\r\n\r\nabc'),
  'stalls in a coded body': sends('POST /a/visits HTTP/1.1\r\nhost: soak\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n'),
  'leaves at once': (target) => sends(get('/a/large'))(target, 1),
  'leaves in a body': (target) => sends('POST /a/visits HTTP/1.1\r\nhost: soak\r\ncontent-length: 50000\r\n\r\nabc')(target, 5),
  floods: sends(get('/a/greet/bob').repeat(300)),
  'floods and does not read': sends(get('/a/large').repeat(50), { reads: false }),
  'sends nonsense': sends('\u0016\u0003\u0001 nonsense\r\n\r\n'),
  'watches breakers': sends(get('/api/v1/resilience/events').replace('soak', '127.0.0.1')),
  'watches breakers and does not read': sends(get('/api/v1/resilience/events').replace('soak', '127.0.0.1'), { reads: false }),
} satisfies Record<string, Client>
