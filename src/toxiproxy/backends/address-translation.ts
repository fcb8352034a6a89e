// Addresses as this machine writes them, and as the server does. A Toxiproxy in a container sees this machine under another name,
// and this machine reaches its listeners only through published ports.

export interface Addresses {
  /** A fresh `host:port` for a proxy to listen on, in the server's terms. */
  listen(): string | Promise<string>
  /** `host:port` of an upstream of this machine, in the server's terms. */
  upstream(here: string): string
  /** `host:port` at which this machine reaches a listener that the server reports. */
  reach(there: string): string
}

/** Server and harness share the machine's loopback interface. */
export const loopback: Addresses = {
  listen: () => '127.0.0.1:0',
  upstream: (here) => here,
  reach: (there) => there,
}
