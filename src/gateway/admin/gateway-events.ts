// The gateway's events for operators and the harness: breaker transitions, and alerts, as server-sent events.
//
//   GET /api/v1/resilience/events            from now on
//   GET /api/v1/resilience/events?from=0     all that is kept, then from now on
//
//   id: 7
//   event: transition
//   data: {"sequence":7,"t":1234.5,"upstream":"gemini","from":"closed","to":"open","cause":"failures","failures":5,"threshold":5}
import type { ServerResponse } from 'node:http'
import type { GatewayEvent } from '../../contract/breaker-events.ts'
import { EventStream, eventStreamHead, type EventStreamOptions } from '../../kernel/sse.ts'

type Unnumbered<Event> = Event extends GatewayEvent ? Omit<Event, 'sequence'> : never

export class GatewayEvents {
  readonly #stream: EventStream

  constructor(options: EventStreamOptions) {
    this.#stream = new EventStream(options)
  }

  tell(event: Unnumbered<GatewayEvent>): void {
    this.#stream.send('type' in event ? event.type : 'transition', (sequence) => ({ sequence, ...event }))
  }

  /** Streams to `response` until either side ends. `seen`: the last sequence number its reader has; undefined: only new events. */
  serve(response: ServerResponse, seen: number | undefined): void {
    response.writeHead(200, eventStreamHead)
    this.#stream.join(response, seen)
  }

  /** Ends all streams. */
  close(): void {
    this.#stream.close()
  }
}
