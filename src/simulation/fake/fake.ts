// A fake upstream in the simulation: it decides and answers by the code of the live one, and tells of it in the same events.
//
//   request ──▶ arrival ──▶ answer ──wait──▶ head, pieces, cut ──▶ departure
import { bodyChecksum } from '../../contract/body-checksum.ts'
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../../contract/headers.ts'
import { keyHash } from '../../contract/key-hash.ts'
import type { ArrivalEvent } from '../../evidence/events.ts'
import { UNKNOWN_ROUTE } from '../../evidence/events/arrival.ts'
import { indexOf } from '../../evidence/request-id.ts'
import type { CustomFaults } from '../../faults/custom-fault.ts'
import type { Asked } from '../../upstreams/answering/asked.ts'
import { type Responder, responder } from '../../upstreams/answering/responder.ts'
import type { Upstream } from '../../upstreams/define.ts'
import { Answering, type Asker, type Handling } from './answering.ts'
import { headersOf, type Question } from '../questions.ts'
import type { World } from '../world.ts'

export interface FakeUpstream {
  readonly faults: Responder['faults']
  /** Requests that have arrived and not departed. */
  readonly inFlight: number
  arrive(question: Question, id: string, asker: Asker): Handling
}

export function openFake(upstream: Upstream, seed: number, custom: CustomFaults, world: World): FakeUpstream {
  return new SimulatedFake(upstream, seed, custom, world)
}

/** What all requests of one question share. */
interface Known {
  readonly asked: Asked
  readonly bodyHash: string
  /** The id and the key that each of them has, where the question has one of its own. */
  readonly request: string | undefined
  readonly key: string | undefined
}

class SimulatedFake implements FakeUpstream {
  readonly name: string
  readonly world: World
  readonly faults: Responder['faults']
  inFlight = 0
  readonly #responder: Responder
  /** By number of the question. */
  readonly #known: (Known | undefined)[] = []
  /** By the ordinal of a request, as its id tells it. */
  #attempts = new Uint32Array(1024)

  constructor(upstream: Upstream, seed: number, custom: CustomFaults, world: World) {
    this.name = upstream.name
    this.world = world
    this.#responder = responder(upstream, seed, custom)
    this.faults = this.#responder.faults
  }

  arrive(question: Question, id: string, asker: Asker): Handling {
    const { name: upstream, world } = this
    const t = world.queue.now()
    const { asked, bodyHash, request = id, key = question.isKeyed ? id : undefined } = this.#of(question)
    const attempt = request === id ? this.#count(id) : undefined
    const { route = UNKNOWN_ROUTE, decision, delayMs, answer, effect } = this.#responder.answer(asked, request, t, attempt)
    const { ordinal, faults } = decision
    const { method, isIdempotent: idempotent } = question
    const concurrent = ++this.inFlight
    // Most have no key, no effect and no fault.
    let event: ArrivalEvent = {
      type: 'arrival',
      t,
      upstream,
      ordinal,
      request,
      attempt: decision.attempt,
      concurrent,
      route,
      method,
      idempotent,
      bodyHash,
    }
    if (key !== undefined) event = withKey(event, keyHash(key))
    if (effect !== undefined) event.effect = effect === null ? '' : keyHash(effect)
    if (faults.length > 0) event.faults = faults
    world.tell.arrival(event)
    return new Answering(this, ordinal, answer, delayMs, asker)
  }

  /** How often the request has arrived. */
  #count(id: string): number {
    const index = indexOf(id)
    if (index >= this.#attempts.length) {
      const grown = new Uint32Array(2 * (index + 1))
      grown.set(this.#attempts)
      this.#attempts = grown
    }
    return ++this.#attempts[index]!
  }

  #of(question: Question): Known {
    return (this.#known[question.number] ??= this.#read(question))
  }

  #read(question: Question): Known {
    const { method, path, body, headers } = question
    return {
      asked: this.#responder.read({ method, target: path, body }, (id) => headersOf(question, id)),
      bodyHash: body.length === 0 ? '' : bodyChecksum(body),
      request: headers[REQUEST_ID],
      key: headers[IDEMPOTENCY_KEY],
    }
  }
}

/** In its place: a journal is compared byte for byte. */
function withKey({ bodyHash, ...event }: ArrivalEvent, key: string): ArrivalEvent {
  return { ...event, key, bodyHash }
}
