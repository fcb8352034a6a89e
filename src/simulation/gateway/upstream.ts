// One upstream as the simulated gateway has it: its policies, its connections, the fake behind them.
import { AnswerCache } from '../../gateway/cache/answer-cache.ts'
import type { KeptResponse } from '../../gateway/cache/kept-response.ts'
import type { ServerSettings } from '../../gateway/config.ts'
import type { Ms } from '../../kernel/clock.ts'
import { routeTest, type RouteTest } from '../../policies/route-pattern.ts'
import type { UpstreamStack } from '../../policies/stack.ts'
import type { FakeUpstream } from '../fake/fake.ts'
import type { Question } from '../questions.ts'
import type { World } from '../world.ts'
import { ProxiedWay } from '../proxy/proxied-way.ts'
import type { SimulatedProxy } from '../proxy/proxy.ts'
import { type Connection, Pool } from './pool.ts'
import { PlainWay, type Receiver, type Way } from './way.ts'

export class SimulatedUpstream {
  readonly name: string
  readonly world: World
  readonly stack: UpstreamStack<KeptResponse>
  readonly settings: ServerSettings
  readonly fake: FakeUpstream
  /** Where the plan has faults of the network. */
  readonly proxy: SimulatedProxy | undefined
  readonly pool: Pool
  /** Undefined unless the fallback is a cache. */
  readonly cache: AnswerCache | undefined
  /** Where the fallback is a route. */
  standIn: SimulatedUpstream | undefined
  /** Client requests between their head and the end of their answer. */
  inFlight = 0
  readonly #streamRoutes: RouteTest | undefined

  constructor(
    world: World,
    stack: UpstreamStack<KeptResponse>,
    fake: FakeUpstream,
    settings: ServerSettings,
    proxy: SimulatedProxy | undefined,
  ) {
    const { fallback, stream } = stack.policies
    this.name = stack.name
    this.world = world
    this.stack = stack
    this.settings = settings
    this.fake = fake
    this.proxy = proxy
    this.pool = new Pool(stack.name, world, proxy)
    this.cache = fallback?.kind === 'cached' ? new AnswerCache(fallback, stack.fallback, () => world.queue.now()) : undefined
    this.#streamRoutes = stream.length > 0 ? routeTest(stream) : undefined
  }

  streams(method: string, place: string): boolean {
    return this.#streamRoutes !== undefined && this.#streamRoutes(method, place)
  }

  way(question: Question, id: string, receiver: Receiver, connection: Connection, connectMs: Ms): Way {
    const { socket } = connection
    if (socket) return new ProxiedWay(this.world, this.fake, question, id, receiver, socket, connectMs)
    const way = new PlainWay(this.world, this.fake, question, id, receiver)
    way.start(connectMs)
    return way
  }
}
