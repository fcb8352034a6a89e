// Follows the gateway's breaker events (server-sent events, replayed from the first one) and writes them into the journal.
// Works with any gateway that offers the stream; one that does not is noted, and breakers are then judged from traffic alone.
// A foreign gateway's stream is not to be trusted: whatever was lost, or could not be read, is noted and weakens the verdict.
import { createParser } from 'eventsource-parser'
import { request } from 'undici'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { EVENTS_PATH } from '../../contract/paths.ts'
import type { JournalEvent, TransitionEvent } from '../../evidence/events.ts'
import { readTransition } from './parse-breaker-event.ts'

export interface Observer extends AsyncDisposable {
  /** Whether the stream was there at all. */
  readonly available: boolean
}

export interface ObserverOptions {
  url: string
  /** The gateway was started for this run: its first event has number 1. */
  fresh: boolean
  write: (event: JournalEvent) => void
  onTransition: (event: TransitionEvent) => void
  /** Gives up the connection, also while it is being made. */
  signal: AbortSignal
}

const RECONNECT_AFTER: Ms = 100
const ANSWERS_WITHIN: Ms = 3000
// Below a second, so that a stream that is down when the plan ends is noted in the plan's last second.
const ANSWERS_AGAIN_WITHIN: Ms = 700
const MOST_UNREADABLE = 5

/** Resolves once the stream is connected, or is known not to exist. */
export async function observeBreakers({ url, fresh, write, onTransition, signal }: ObserverOptions): Promise<Observer> {
  const stopping = new AbortController()
  const stopped = AbortSignal.any([signal, stopping.signal])
  const heard = new Map<number, string>()
  let lastSequence = fresh ? 0 : undefined
  let unreadable = 0
  const note = (code: string, text: string): void => write({ type: 'note', t: realClock.now(), code, text })

  const take = (data: string, connectedAt: Ms): void => {
    const read = readTransition(data, realClock.now(), connectedAt)
    if (read.is === 'other') return
    if (read.is === 'unreadable') {
      if (unreadable++ < MOST_UNREADABLE) note('events_unreadable', `a breaker event could not be read: ${read.why}`)
      return
    }
    const { event } = read
    const { sequence } = event
    const facts = `${event.t} ${event.upstream}`
    // A stream that is resumed may tell an event twice.
    if (heard.get(sequence) === facts) return
    if (lastSequence !== undefined && sequence <= lastSequence)
      note(
        'events_gap',
        `breaker event ${sequence} came after ${lastSequence}: the gateway was started again, or its events are out of order`,
      )
    else if (lastSequence !== undefined && sequence > lastSequence + 1)
      note('events_gap', `breaker events ${lastSequence + 1} to ${sequence - 1} were not received`)
    heard.set(sequence, facts)
    lastSequence = sequence
    write(event)
    onTransition(event)
  }
  const connect = async (headersTimeout: Ms) => {
    const headers = { accept: 'text/event-stream', 'last-event-id': String(lastSequence ?? 0) }
    const {
      statusCode,
      headers: answered,
      body,
    } = await request(url + EVENTS_PATH, { headers, signal: stopped, headersTimeout, bodyTimeout: 0 })
    if (statusCode === 200 && String(answered['content-type']).startsWith('text/event-stream')) return { body, at: realClock.now() }
    body.on('error', () => {}).destroy()
    throw new Error(`${EVENTS_PATH} answered ${statusCode} ${String(answered['content-type'] ?? 'without a type')}`)
  }
  const follow = async (first: Awaited<ReturnType<typeof connect>>): Promise<void> => {
    let stream: typeof first | undefined = first
    while (!stopped.aborted) {
      try {
        stream ??= await connect(ANSWERS_AGAIN_WITHIN)
        const { body, at } = stream
        const parser = createParser({ onEvent: ({ event, data }) => event !== 'gap' && take(data, at) })
        for await (const chunk of body) parser.feed(String(chunk))
      } catch (error) {
        if (stopped.aborted) return
        note('events_lost', `the gateway's event stream broke: ${(error as Error).message}`)
      }
      stream = undefined
      await realClock.sleep(RECONNECT_AFTER, stopped).catch(() => {})
    }
  }

  const first = await connect(ANSWERS_WITHIN).catch(() => undefined)
  if (!first) {
    note('events_unavailable', `the gateway offers no breaker events at ${EVENTS_PATH}`)
    return { available: false, async [Symbol.asyncDispose]() {} }
  }
  const following = follow(first)
  return {
    available: true,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await following
    },
  }
}
