// What the proxies do, as server-sent events: connections and changes of toxics.
import type { ServerResponse } from 'node:http'
import type { Clock } from '../../kernel/clock.ts'
import type { Connection } from '../proxy/connection.ts'
import type { Observer } from '../proxy/hooks.ts'

export class Feed implements Observer {
  readonly #clock: Clock
  readonly #listeners = new Set<ServerResponse>()
  #sequence = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Sends every event from now on, until the client goes away. */
  join(listener: ServerResponse): void {
    listener.write(': from now on\n\n')
    this.#listeners.add(listener)
    listener.once('close', () => this.#listeners.delete(listener))
  }

  opened(connection: Connection): void {
    this.#tell({ event: 'opened', ...whose(connection) })
  }

  closed(connection: Connection): void {
    this.#tell({ event: 'closed', ...whose(connection), ...bytes(connection) })
  }

  toxic(change: string, proxy: string, toxic: string): void {
    this.#tell({ event: `toxic_${change}`, proxy, toxic })
  }

  #tell(event: object): void {
    const id = this.#sequence++
    if (this.#listeners.size === 0) return
    const data = JSON.stringify({ ...event, t: this.#clock.now() })
    for (const listener of this.#listeners) listener.write(`id: ${id}\ndata: ${data}\n\n`)
  }
}

/** A connection as the extensions show it; `opened` is on the machine's monotonic clock, in ms. */
export function showConnection(connection: Connection): Record<string, unknown> {
  return { ...whose(connection), opened: connection.setting.openedAt, ...bytes(connection) }
}

function whose({ path, setting }: Connection): Record<string, unknown> {
  return { ...path, connection: setting.connection }
}

function bytes({ links }: Connection): Record<string, unknown> {
  return { bytes: Object.fromEntries(links.map(({ stream, received, sent }) => [stream, { received, sent }])) }
}
