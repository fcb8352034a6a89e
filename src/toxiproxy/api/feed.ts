// What the proxies do, as server-sent events: connections, and changes of toxics.
import type { ServerResponse } from 'node:http'
import type { Clock } from '../../kernel/clock.ts'
import { EventStream } from '../../kernel/sse.ts'
import { apiErrors } from './api-error.ts'
import type { Connection } from '../proxy/connection.ts'
import type { ProxyHooks } from '../proxy/hooks.ts'

// Each may lag by a mebibyte before it is cut off (kernel/sse.ts).
const MAX_READERS = 64

export class Feed implements ProxyHooks {
  readonly #clock: Clock
  readonly #stream: EventStream
  #readers = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#stream = new EventStream({ clock })
  }

  /** @throws ApiError 503 when as many read as may */
  admit(): void {
    if (this.#readers >= MAX_READERS) throw apiErrors.tooManyReaders()
  }

  /** Sends every event from now on, until the client goes away. */
  join(reader: ServerResponse): void {
    this.#readers++
    reader.once('close', () => this.#readers--)
    this.#stream.join(reader)
  }

  opened(connection: Connection): void {
    this.#send('opened', () => identity(connection))
  }

  closed(connection: Connection): void {
    this.#send('closed', () => ({ ...identity(connection), ...bytes(connection) }))
  }

  toxic(change: string, proxy: string, toxic: string): void {
    this.#send(`toxic_${change}`, () => ({ proxy, toxic }))
  }

  #send(event: string, fields: () => object): void {
    this.#stream.send(undefined, () => ({ event, ...fields(), t: this.#clock.now() }))
  }
}

/** A connection as the extensions show it. `opened` is on the machine's monotonic clock, in ms. */
export function showConnection(connection: Connection): Record<string, unknown> {
  return { ...identity(connection), opened: connection.setting.openedAt, ...bytes(connection) }
}

function identity({ setting }: Connection): Record<string, unknown> {
  return { ...setting.path, connection: setting.connection }
}

function bytes({ links }: Connection): Record<string, unknown> {
  return { bytes: Object.fromEntries(links.map(({ stream, received, sent }) => [stream, { received, sent }])) }
}
