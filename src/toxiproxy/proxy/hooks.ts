// Who wants to know what the proxies do: metrics, and the event stream of the extensions.
import type { Connection } from './connection.ts'

export interface ProxyHooks {
  /** The upstream of a connection was reached: data flows from now on. */
  opened?(connection: Connection): void
  /** Both sockets of a connection that was opened are gone. */
  closed?(connection: Connection): void
  toxic?(change: 'added' | 'updated' | 'removed', proxy: string, toxic: string): void
}
