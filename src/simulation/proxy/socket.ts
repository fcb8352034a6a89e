// A connection of the gateway's pool through a proxy: one request after the other has it, and hears what becomes of it.
import type { ToxicStream } from '../../faults/network/toxic.ts'
import type { Ms } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { CHUNK_BYTES } from '../../toxiproxy/proxy/link.ts'
import type { Actor, EventQueue } from '../event-queue.ts'
import type { Owner } from './proxied-end.ts'
import type { ProxiedConnection, SimulatedProxy } from './proxy.ts'

/** The request that has the connection. */
export interface Carried {
  /** From the proxy to the gateway. */
  readonly backMs: Ms
  arrivedAtFake(bytes: number): void
  arrivedAtGateway(bytes: number): void
  fakeClosed(): void
  fakeDied(): void
  gatewayClosed(): void
}

export class Socket implements Actor {
  readonly connection: ProxiedConnection
  /** Requests that have arrived at the fake. */
  arrived = 0
  readonly #proxy: SimulatedProxy
  readonly #closed: () => void
  #carried: Carried | undefined

  /** `closed`: the gateway hears that it has been closed by the other side. */
  constructor(proxy: SimulatedProxy, queue: EventQueue, ordinal: number, closed: () => void) {
    this.#proxy = proxy
    this.#closed = closed
    const gateway: Owner = {
      received: (data) => this.#carried?.arrivedAtGateway(data.length),
      // Behind what was sent before it.
      closed: () => queue.at(queue.now() + (this.#carried?.backMs ?? 0), this, 0),
      died() {}, // no fault that is modelled kills a gateway
    }
    const fake: Owner = {
      received: (data) => this.#carried?.arrivedAtFake(data.length),
      closed: () => this.#carried?.fakeClosed(),
      died: () => this.#carried?.fakeDied(),
    }
    this.connection = proxy.connect(ordinal, gateway, fake)
  }

  carry(carried: Carried): void {
    this.#carried = carried
  }

  /** The gateway hears that it is closed. */
  happen(): void {
    this.#closed()
    this.#carried?.gatewayClosed()
  }

  /** By the fake. A request that is under way is not answered any more. */
  closeAtFake(): void {
    if (this.connection.fake.isClosed) return
    this.connection.fake.close('owner')
    this.#carried?.fakeClosed()
  }

  /**
   * What travels in one piece arrives or is lost. In several, it depends on the machine which of them a proxy reads, and loses, together.
   * @throws GatecrashError `invalid_scenario` for a message in several pieces where some may be lost
   */
  refuseLossOf(stream: ToxicStream, sent: Buffer, isWhole: boolean): void {
    if ((isWhole && sent.length <= CHUNK_BYTES) || !this.#proxy.loses(stream)) return
    const what = stream === 'upstream' ? 'requests' : 'answers'
    throw new GatecrashError(
      'invalid_scenario',
      `packet_loss on the connections of ${this.#proxy.name} cannot be simulated where ${what} travel in several pieces; run it live`,
    )
  }
}
