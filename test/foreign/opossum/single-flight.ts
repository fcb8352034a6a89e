// Clients that ask the same at once share one call: it goes on for as long as one of them waits.
import type { Dispatcher } from 'undici'
import { type Job, UpstreamFailure, call } from './upstream-call.ts'

export interface Shared {
  statusCode: number
  headers: Dispatcher.ResponseData['headers']
  body: Buffer
}

interface Flight {
  answer: Promise<Shared>
  waiting: number
  gone: AbortController
}

const flights = new Map<string, Flight>()
// An answer is for whom it was made: two identities never share one.
const identities = ['authorization', 'cookie', 'x-goog-api-key', 'x-api-key', 'accept', 'range']

export async function shared(name: string, job: Job): Promise<Shared> {
  const key = JSON.stringify([name, job.path, identities.map((header) => job.headers[header])])
  const flight = flights.get(key) ?? takeOff(key, name, job)
  flight.waiting++
  const leave = (): void => {
    if (--flight.waiting > 0) return
    forget(key, flight)
    flight.gone.abort()
  }
  job.left.addEventListener('abort', leave, { once: true })
  return flight.answer.finally(() => job.left.removeEventListener('abort', leave))
}

function takeOff(key: string, name: string, job: Job): Flight {
  const gone = new AbortController()
  const answer = call(name, { ...job, left: gone.signal }).then(whole, (error: unknown) => {
    if (error instanceof UpstreamFailure) return whole(error.response)
    throw error
  })
  const flight = { answer, waiting: 0, gone }
  flights.set(key, flight)
  const end = (): void => forget(key, flight)
  answer.then(end, end)
  return flight
}

function forget(key: string, flight: Flight): void {
  if (flights.get(key) === flight) flights.delete(key)
}

const whole = async ({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Shared> => ({
  statusCode,
  headers,
  body: Buffer.from(await body.arrayBuffer()),
})
