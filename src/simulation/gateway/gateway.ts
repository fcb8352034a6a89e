// The reference gateway in the simulation: the policies, the driver and the cache are its own; connections and processes are modelled.
import { server as serverSettings, type ServerSettings } from '../../gateway/config.ts'
import { headCheckEvery } from '../../gateway/request/head-time.ts'
import type { BodyRoom } from '../../gateway/request/read-body.ts'
import { type Refusal, tooLarge } from '../../gateway/request/refusal.ts'
import type { Ms } from '../../kernel/clock.ts'
import { drawFor, seededRandom } from '../../kernel/random.ts'
import type { Plan } from '../../plan/plan.ts'
import { KeyedRateLimit } from '../../policies/limits/keyed-rate-limit.ts'
import { upstreamPolicies } from '../../policies/settings.ts'
import type { FakeUpstream } from '../fake/fake.ts'
import { isProxied, SimulatedProxy } from '../proxy/proxy.ts'
import { type Question, headersOf } from '../questions.ts'
import type { World } from '../world.ts'
import { Operators } from './operators.ts'
import { SimulatedUpstream } from './upstream.ts'

// Of an upstream that the plan says nothing of.
const unsaid = upstreamPolicies.parse({})

export class SimulatedGateway {
  readonly upstreams: ReadonlyMap<string, SimulatedUpstream>
  readonly operators: Operators
  readonly settings: ServerSettings
  /** What bodies take that are still being sent. */
  readonly bodies: BodyRoom
  /** When it first looks for heads that are late. */
  readonly headChecksFrom: Ms
  /** Client requests between their head and the end of their answer. */
  inFlight = 0
  readonly #world: World
  readonly #clientLimit: KeyedRateLimit | undefined
  /** By the question's number. */
  readonly #byQuestion: SimulatedUpstream[] = []

  constructor(plan: Plan, world: World, fakes: ReadonlyMap<string, FakeUpstream>) {
    this.#world = world
    this.settings = serverSettings.parse(plan.gateway.server ?? {})
    this.bodies = { bytes: 0, limit: this.settings.bodyBudgetBytes }
    this.headChecksFrom = drawFor(plan.seed, 'simulation/head checks', 0) * headCheckEvery(this.settings.headTimeout)
    const limit = this.settings.clientRateLimit
    this.#clientLimit = limit && new KeyedRateLimit({ kind: 'token_bucket', queue: 0, ...limit })
    const random = seededRandom(plan.seed)
    const wallNow = (): Date => new Date(world.queue.now())
    let sequence = 0
    const open = (name: string, fake: FakeUpstream): SimulatedUpstream => {
      const stack = world.policies.stackOf(name, plan.gateway.upstreams[name] ?? unsaid, {
        clock: world.queue,
        random,
        wallNow,
        onTransition: ({ at, ...transition }) => world.write({ type: 'transition', t: at, sequence: ++sequence, ...transition }),
      })
      const proxy = isProxied(plan.faults, name) ? new SimulatedProxy(name, plan.seed, world.queue) : undefined
      return new SimulatedUpstream(world, stack, fake, this.settings, proxy)
    }
    this.upstreams = new Map(Array.from(fakes, ([name, fake]) => [name, open(name, fake)]))
    this.operators = new Operators(this.upstreams, world.queue)
    for (const upstream of this.upstreams.values()) {
      const { fallback } = upstream.stack.policies
      if (fallback?.kind === 'route') upstream.standIn = this.upstreams.get(fallback.upstream)
    }
  }

  /** The upstream that the path of a question names. Refusals have seen to it that every path names one, or closes a breaker by hand. */
  upstreamOf({ number, upstream }: Question): SimulatedUpstream {
    return (this.#byQuestion[number] ??= this.upstreams.get(upstream)!)
  }

  /** Why a request is not taken; undefined when it is. */
  refusal(question: Question, id: string, upstream: SimulatedUpstream): Refusal | undefined {
    const { clientRateLimit, inFlight, inFlightPerUpstream, maxRequestBytes } = this.settings
    if (this.#clientLimit && clientRateLimit) {
      const { by } = clientRateLimit
      const client = by === 'address' ? '127.0.0.1' : (headersOf(question, id)[by] ?? '')
      const wait = this.#clientLimit.tryEnter(client, this.#world.queue.now())
      if (wait > 0) return { reason: 'rate_limited', technical: 'too many of this client', retryAfter: Math.ceil(wait / 1000) }
    }
    if (this.inFlight >= inFlight || upstream.inFlight >= inFlightPerUpstream)
      return { reason: 'in_flight_cap', technical: 'too many requests are in flight' }
    return question.body.length > maxRequestBytes ? tooLarge(question.body.length, maxRequestBytes) : undefined
  }
}
