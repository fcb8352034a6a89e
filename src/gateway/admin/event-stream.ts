// Breaker transitions as server-sent events. A reader that lost the connection comes back with Last-Event-ID and misses nothing,
// or is told what it missed.
//
//   GET /api/v1/resilience/events            from now on
//   GET /api/v1/resilience/events?from=0     all that is kept, then from now on
//
//   id: 7
//   event: transition
//   data: {"sequence":7,"t":1234.5,"upstream":"gemini","from":"closed","to":"open","cause":"failures","failures":5,"threshold":5}
import type { ServerResponse } from 'node:http'
import type { GatewayEvent } from '../../contract/breaker-events.ts'
import type { Cancel, Clock, Ms } from '../../kernel/clock.ts'
import type { TransitionLog } from './transition-log.ts'

// A reader this far behind is cut off; it can come back and ask for the rest.
const LARGEST_BACKLOG = 1024 * 1024

export class EventStreams {
  readonly #log: TransitionLog
  readonly #clock: Clock
  readonly #heartbeat: Ms
  readonly #open = new Set<ServerResponse>()
  #nextBeat: Cancel | undefined

  constructor(log: TransitionLog, clock: Clock, heartbeat: Ms) {
    this.#log = log
    this.#clock = clock
    this.#heartbeat = heartbeat
  }

  /** Streams to `response` until either side ends. `seen`: the last sequence number its reader has; undefined: only new ones. */
  serve(response: ServerResponse, seen: number | undefined): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    response.write('retry: 250\n\n')
    if (seen !== undefined) {
      const { transitions, gap } = this.#log.since(seen)
      if (gap) response.write(`event: gap\ndata: ${JSON.stringify(gap)}\n\n`)
      for (const transition of transitions) response.write(eventText(transition))
    }
    const deaf = this.#log.listen((transition) => {
      response.write(eventText(transition))
      if (response.writableLength > LARGEST_BACKLOG) response.destroy()
    })
    this.#open.add(response)
    response.on('close', () => {
      deaf()
      this.#open.delete(response)
    })
    this.#nextBeat ??= this.#beat()
  }

  /** Ends all streams. */
  close(): void {
    this.#nextBeat?.()
    for (const response of this.#open) response.end()
  }

  // A comment now and then tells a reader that silence means no transitions, and tells us which readers are gone.
  #beat(): Cancel {
    return this.#clock.after(this.#heartbeat, () => {
      for (const response of this.#open) response.write(`: heartbeat ${this.#clock.now()}\n\n`)
      this.#nextBeat = this.#open.size > 0 ? this.#beat() : undefined
    })
  }
}

function eventText(event: GatewayEvent): string {
  const name = 'type' in event ? event.type : 'transition'
  return `id: ${event.sequence}\nevent: ${name}\ndata: ${JSON.stringify(event)}\n\n`
}
