// The proxy before one fake, in the simulation. Its links and toxics are those of the embedded Toxiproxy; its sockets are modelled.
//
//   gateway ══▶ Link "upstream" ══▶ fake
//           ◀══ Link "downstream" ◀══
import type { PlannedFault } from '../../plan/plan.ts'
import type { NetworkFault } from '../../faults/network/networks.ts'
import { extendedToxics, toxics } from '../../faults/network/networks.ts'
import type { Attributes } from '../../faults/network/toxic-attribute.ts'
import type { ToxicStream, ToxicType } from '../../faults/network/toxic.ts'
import { Link } from '../../toxiproxy/proxy/link.ts'
import type { ToxicOnProxy } from '../../toxiproxy/proxy/toxic-on-proxy.ts'
import type { EventQueue } from '../event-queue.ts'
import { type Owner, ProxiedEnd } from './proxied-end.ts'

export interface ProxiedConnection {
  readonly gateway: ProxiedEnd
  readonly fake: ProxiedEnd
}

const types: Readonly<Record<string, ToxicType>> = { ...toxics, ...extendedToxics }

export class SimulatedProxy {
  readonly name: string
  readonly #seed: number
  readonly #clock: EventQueue
  readonly #toxics: ToxicOnProxy[] = []
  readonly #links = new Set<Link>()
  readonly #connections = new Set<ProxiedConnection>()
  readonly #down = new Set<string>()
  readonly #alone = new Set<string>()

  constructor(name: string, seed: number, clock: EventQueue) {
    this.name = name
    this.#seed = seed
    this.#clock = clock
  }

  /** Nothing listens behind it: it takes new connections, and closes them. */
  get isAlone(): boolean {
    return this.#alone.size > 0
  }

  /** New connections are refused. */
  get isDown(): boolean {
    return this.#down.size > 0
  }

  /** Some of what is sent in this direction may be lost. */
  loses(stream: ToxicStream): boolean {
    return this.#toxics.some((toxic) => toxic.typeName === 'packet_loss' && toxic.stream === stream)
  }

  /** `ordinal`: of the connection at this proxy. */
  connect(ordinal: number, gatewayOwner: Owner, fakeOwner: Owner): ProxiedConnection {
    const connection = { gateway: new ProxiedEnd(gatewayOwner), fake: new ProxiedEnd(fakeOwner) }
    const { gateway, fake } = connection
    const setting = { clock: this.#clock, seed: this.#seed, proxy: this.name, connection: ordinal, openedAt: this.#clock.now() }
    const chain = (stream: ToxicOnProxy['stream']): ToxicOnProxy[] => this.#toxics.filter((toxic) => toxic.stream === stream)
    const upstream = new Link(setting, 'upstream', gateway, fake, chain('upstream'), () => fake.close('proxy'))
    const downstream = new Link(setting, 'downstream', fake, gateway, chain('downstream'), () => gateway.close('proxy'))
    gateway.readBy((data) => upstream.read(data))
    fake.readBy((data) => downstream.read(data))
    this.#connections.add(connection)
    this.#links.add(upstream).add(downstream)
    const forget = (): void => {
      if (!gateway.isClosed || !fake.isClosed) return
      this.#connections.delete(connection)
      this.#links.delete(upstream)
      this.#links.delete(downstream)
    }
    gateway.once('close', forget)
    fake.once('close', forget)
    return connection
  }

  set(id: string, fault: NetworkFault): void {
    if (fault.is === 'down') {
      this.#down.add(id)
      for (const { gateway, fake } of this.#connections) {
        gateway.close('proxy')
        fake.close('proxy')
      }
      return
    }
    const type = types[fault.toxic.type]! // a plan has known toxics alone
    const toxic: ToxicOnProxy = {
      name: id,
      typeName: fault.toxic.type,
      type,
      written: fault.stream,
      stream: fault.stream,
      toxicity: fault.toxicity,
      attributes: { ...zerosOf(type), ...fault.toxic.attributes },
      digits: new Map(),
      memory: type.memory?.per === 'toxic' ? type.memory.start() : undefined,
    }
    this.#toxics.push(toxic)
    for (const link of this.#links) if (link.stream === toxic.stream) link.add(toxic)
  }

  /** The upstream behind it is killed. */
  kill(id: string): void {
    this.#alone.add(id)
    for (const { fake } of this.#connections) fake.die()
  }

  clear(id: string): void {
    this.#down.delete(id)
    this.#alone.delete(id)
    const at = this.#toxics.findIndex(({ name }) => name === id)
    const [toxic] = at < 0 ? [] : this.#toxics.splice(at, 1)
    if (toxic) for (const link of this.#links) if (link.stream === toxic.stream) link.remove(toxic)
  }
}

/** What a server takes for attributes that are not written. */
function zerosOf({ attributes }: ToxicType): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, { zero }]) => [name, zero]))
}

/** Whether the plan does something to connections of this upstream. */
export function isProxied(faults: readonly PlannedFault[], upstream: string): boolean {
  return faults.some(({ upstream: of, fault }) => of === upstream && (fault.made !== 'request' || fault.fault.is === 'closed_after'))
}
