// Follows the gateway's breaker events (server-sent events, replayed from the first one) and writes them into the journal.
// Any gateway may offer the stream. If it offers none, a note says so, and breakers are judged from traffic alone.
// A foreign gateway's stream is not trusted: whatever is lost or unreadable is noted, and the note weakens the verdict.
import { createParser } from 'eventsource-parser'
import { request } from 'undici'
import { type Ms, realClock, turn } from '../../../kernel/clock.ts'
import type { BreakerState } from '../../../contract/breaker-events.ts'
import { EVENTS_PATH } from '../../../contract/paths.ts'
import type { AlertEvent, JournalEvent } from '../../../evidence/events.ts'
import { readTransition } from './parse-breaker-event.ts'
import { createStreamBounds } from './stream-bounds.ts'

export interface BreakerEvents extends AsyncDisposable {
  /** Whether the stream was there at all. */
  readonly available: boolean
  /** The gateway was started again: its events begin anew with number 1, and its breakers closed. */
  restarted(): void
}

export interface BreakerEventsOptions {
  url: string
  /** The gateway was started for this run: its first event has number 1. */
  fresh: boolean
  write: (event: JournalEvent) => void
  /** Whether the stage itself took the gateway down: a stream that breaks meanwhile loses nothing. */
  isDown?: () => boolean
  /** Gives up the connection, also while it is being made. */
  signal: AbortSignal
}

const RECONNECT_AFTER: Ms = 100
const CONNECT_TIMEOUT: Ms = 3000
// Shorter than a second: a stream that is down when the plan ends is still noted in the plan's last second.
const RECONNECT_TIMEOUT: Ms = 700
const MAX_UNREADABLE = 5

/** Resolves once the stream is connected, or is known not to exist. */
export async function followBreakerEvents({
  url,
  fresh,
  write,
  isDown = () => false,
  signal,
}: BreakerEventsOptions): Promise<BreakerEvents> {
  const stopping = new AbortController()
  const stopped = AbortSignal.any([signal, stopping.signal])
  const heard = new Map<number, string>()
  const states = new Map<string, BreakerState>()
  /** Those that are on. */
  const alerts = new Map<string, AlertEvent>()
  let brokeAt: Ms | undefined
  let lastSequence = fresh ? 0 : undefined
  let unreadable = 0
  const note = (code: string, text: string): void => write({ type: 'note', t: realClock.now(), code, text })

  const take = (data: string, connectedAt: Ms): void => {
    const read = readTransition(data, realClock.now(), connectedAt)
    if (read.is === 'other') {
      if (read.sequence === lastSequence! + 1) lastSequence = read.sequence
      return
    }
    if (read.is === 'unreadable') {
      if (unreadable++ < MAX_UNREADABLE) note('events_unreadable', `a breaker event could not be read: ${read.why}`)
      return
    }
    const { event } = read
    const { sequence } = event
    const facts = `${event.t} ${read.is === 'alert' ? `${read.event.rule} ${read.event.subject}` : read.event.upstream}`
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
    if (read.is === 'transition') states.set(read.event.upstream, read.event.to)
    else if (read.event.edge === 'end') alerts.delete(`${read.event.rule} ${read.event.subject}`)
    else alerts.set(`${read.event.rule} ${read.event.subject}`, read.event)
    write(event)
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
  const bounds = createStreamBounds()
  const follow = async (first: Awaited<ReturnType<typeof connect>>): Promise<void> => {
    let stream: typeof first | undefined = first
    while (!stopped.aborted) {
      try {
        stream ??= await connect(RECONNECT_TIMEOUT)
        const { body, at } = stream
        const parser = createParser({ onEvent: ({ event, data }) => event !== 'gap' && take(data, at) })
        for await (const chunk of body) {
          const flood = bounds.add(String(chunk), realClock.now())
          if (flood !== undefined) return note('events_unreadable', `the event stream was given up: ${flood}`)
          parser.feed(String(chunk))
          // Whatever else is waiting gets its turn, however fast the stream is.
          await turn()
        }
      } catch (error) {
        if (stopped.aborted) return
        if (!isDown()) note('events_lost', `the gateway's event stream broke: ${(error as Error).message}`)
      }
      if (isDown()) brokeAt ??= realClock.now()
      stream = undefined
      await realClock.sleep(RECONNECT_AFTER, stopped).catch(() => {})
    }
  }

  const first = await connect(CONNECT_TIMEOUT).catch(() => undefined)
  if (!first) {
    note('events_unavailable', `the gateway offers no breaker events at ${EVENTS_PATH}`)
    return { available: false, restarted() {}, async [Symbol.asyncDispose]() {} }
  }
  const following = follow(first)
  return {
    available: true,
    restarted() {
      // No event tells that a breaker was lost with its process. Without one, the next event would not join the last.
      const t = brokeAt ?? realClock.now()
      for (const [upstream, from] of states)
        if (from !== 'closed') write({ type: 'transition', t, sequence: 0, upstream, from, to: 'closed', cause: 'restarted' })
      for (const alert of alerts.values()) write({ ...alert, t, sequence: 0, edge: 'end' })
      states.clear()
      alerts.clear()
      heard.clear()
      lastSequence = 0
      brokeAt = undefined
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await following
    },
  }
}
