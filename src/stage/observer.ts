// Follows the gateway's breaker events (server-sent events, replayed from the first one) and writes them into the journal.
// Works with any gateway that offers the stream; one that does not is noted, and breakers are then judged from traffic alone.
import { createParser } from 'eventsource-parser'
import { request } from 'undici'
import { type Ms, realClock } from '../kernel/clock.ts'
import type { BreakerState, JournalEvent, TransitionEvent } from '../evidence/events.ts'

export interface Observer extends AsyncDisposable {
  /** Whether the stream was there at all. */
  readonly available: boolean
}

export interface ObserverOptions {
  url: string
  write: (event: JournalEvent) => void
  onTransition: (event: TransitionEvent) => void
}

const EVENTS_PATH = '/api/v1/resilience/events'
const RECONNECT_AFTER: Ms = 100

/** Resolves once the stream is connected, or is known not to exist. */
export async function observeBreakers({ url, write, onTransition }: ObserverOptions): Promise<Observer> {
  const stopping = new AbortController()
  let lastSequence = 0
  const note = (code: string, text: string): void => write({ type: 'note', t: realClock.now(), code, text })

  const take = (data: string): void => {
    const event = transitionFrom(data)
    if (!event || event.sequence <= lastSequence) return
    if (event.sequence > lastSequence + 1)
      note('events_gap', `breaker events ${lastSequence + 1} to ${event.sequence - 1} were not received`)
    lastSequence = event.sequence
    write(event)
    onTransition(event)
  }
  const connect = () =>
    request(url + EVENTS_PATH, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(lastSequence) },
      signal: stopping.signal,
      bodyTimeout: 0,
    })
  const follow = async (first: Awaited<ReturnType<typeof connect>>): Promise<void> => {
    let response: typeof first | undefined = first
    while (!stopping.signal.aborted) {
      try {
        response ??= await connect()
        const parser = createParser({ onEvent: ({ event, data }) => event !== 'gap' && take(data) })
        for await (const chunk of response.body) parser.feed(String(chunk))
      } catch (error) {
        if (stopping.signal.aborted) return
        note('events_lost', `the gateway's event stream broke: ${(error as Error).message}`)
      }
      response = undefined
      await realClock.sleep(RECONNECT_AFTER, stopping.signal).catch(() => {})
    }
  }

  const first = await connect().catch(() => undefined)
  const isStream = first?.statusCode === 200 && String(first.headers['content-type']).startsWith('text/event-stream')
  if (!first || !isStream) {
    await first?.body.dump()
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

const STATES: readonly string[] = ['closed', 'open', 'half_open'] satisfies BreakerState[]

/** Undefined for anything that is not a whole transition: a foreign gateway's stream is not to be trusted. */
function transitionFrom(data: string): TransitionEvent | undefined {
  let parsed: Partial<Record<keyof TransitionEvent, unknown>>
  try {
    parsed = JSON.parse(data) as typeof parsed
  } catch {
    return undefined
  }
  const { sequence, t, upstream, from, to, cause, failures, threshold } = parsed ?? {}
  if (typeof sequence !== 'number' || typeof t !== 'number' || typeof upstream !== 'string') return undefined
  if (!STATES.includes(String(from)) || !STATES.includes(String(to))) return undefined
  return {
    type: 'transition',
    t,
    upstream,
    from: from as BreakerState,
    to: to as BreakerState,
    cause: typeof cause === 'string' ? cause : 'unknown',
    sequence,
    ...(typeof failures === 'number' && { failures }),
    ...(typeof threshold === 'number' && { threshold }),
  }
}
