// A connection of the gateway's pool through a proxy: one request after the other has it, and hears what becomes of it.
import type { Owner } from './proxied-end.ts'
import type { ProxiedConnection, SimulatedProxy } from './proxy.ts'

/** The request that has the connection. */
export interface Carried {
  arrivedAtFake(bytes: number): void
  arrivedAtGateway(bytes: number): void
  fakeClosed(): void
  gatewayClosed(): void
}

export class Socket {
  readonly connection: ProxiedConnection
  #carried: Carried | undefined

  /** `closed`: it has been closed by the other side. */
  constructor(proxy: SimulatedProxy, ordinal: number, closed: () => void) {
    const gateway: Owner = {
      received: (data) => this.#carried?.arrivedAtGateway(data.length),
      closed: () => {
        closed()
        this.#carried?.gatewayClosed()
      },
    }
    const fake: Owner = {
      received: (data) => this.#carried?.arrivedAtFake(data.length),
      closed: () => this.#carried?.fakeClosed(),
    }
    this.connection = proxy.connect(ordinal, gateway, fake)
  }

  carry(carried: Carried): void {
    this.#carried = carried
  }
}
