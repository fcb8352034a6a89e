// Good answers, kept in memory for the time when there is no other. Bounded in number and in bytes; those that were used longest ago
// are forgotten first. Which answer may be given to whom is for the request to say: see CacheableRequest.
import { Chain, type Linked } from '../../kernel/chain.ts'
import type { Ms } from '../../kernel/clock.ts'

/** What the answers to a request are kept under. */
export interface AnswerKey {
  /** Requests with the same one may get the same answer. */
  exact: string
  /** What they ask about: a change there makes all its answers void, whoever asked for them. */
  place: string
}

export interface KeptAnswer<Response> {
  response: Response
  /** What it takes of the memory. */
  bytes: number
  /** How long it is of use. */
  usableMs: Ms
  /** How long ago it was asked for. */
  tookMs: Ms
}

type Entry<Response> = Omit<KeptAnswer<Response>, 'tookMs'> & { keptAt: Ms }

/** The answers under one key: they differ in what the request asked for beside it, such as the language. */
interface Variants<Response> extends Linked<Variants<Response>> {
  key: AnswerKey
  entries: Entry<Response>[]
}

/** Who chooses among answers. */
interface Selector<Response> {
  selects(kept: Response): boolean
}

// Under one key, answers are looked through one by one.
const MOST_VARIANTS = 32
// A change is of no interest when the requests of its time are over.
const MOST_CHANGES = 1000

export class KeptAnswers<Response> {
  readonly #most: { entries: number; bytes: number }
  readonly #byKey = new Map<string, Variants<Response>>()
  // By last use: the oldest is forgotten first. To delete and set an entry of the map would keep the order too, at ten times the cost.
  readonly #byUse = new Chain<Variants<Response>>()
  readonly #byPlace = new Map<string, Set<string>>()
  /** When something was last changed at a place. An answer that was asked for before may be from before. */
  readonly #changes = new Map<string, Ms>()
  #size = 0
  #bytes = 0

  constructor(most: { entries: number; bytes: number }) {
    this.#most = most
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Keeps an answer in the place of those that `replaced` selects. One that is larger than the whole memory is not kept. */
  put(key: AnswerKey, answer: KeptAnswer<Response>, replaced: Selector<Response>, now: Ms): void {
    if (this.#changes.size > 0 && now - answer.tookMs <= (this.#changes.get(key.place) ?? Number.NEGATIVE_INFINITY)) return
    const variants = this.#byKey.get(key.exact) ?? this.#begin(key)
    const { entries } = variants
    const { response, bytes, usableMs } = answer
    const entry = { response, bytes, usableMs, keptAt: now }
    const newest = entries.at(-1)
    const fits = bytes <= this.#most.bytes
    if (fits && newest && replaced.selects(newest.response)) {
      // As most do. A list that loses its only entry and gets another one is made anew.
      this.#bytes += bytes - newest.bytes
      entries[entries.length - 1] = entry
      this.#removeSelected(entries, replaced, entries.length - 1)
    } else {
      this.#removeSelected(entries, replaced, entries.length)
      if (!fits) return this.#end(variants)
      if (entries.length >= MOST_VARIANTS) this.#removeAt(entries, 0)
      entries.push(entry)
      this.#bytes += bytes
      this.#size++
    }
    this.#touch(variants)
    while (this.#size > this.#most.entries || this.#bytes > this.#most.bytes) {
      const oldest = this.#byUse.oldest! // there is at least the answer that was just kept
      this.#removeAt(oldest.entries, 0)
      this.#end(oldest)
    }
  }

  /** The newest answer under this key that is `wanted` and still of use; those that are not of use are forgotten. */
  find(key: AnswerKey, wanted: Selector<Response>, now: Ms): { response: Response; ageMs: Ms } | undefined {
    const variants = this.#byKey.get(key.exact)
    if (!variants) return undefined
    this.#remove(variants, ({ keptAt, usableMs }) => now - keptAt > usableMs)
    this.#end(variants)
    const found = variants.entries.findLast(({ response }) => wanted.selects(response))
    if (!found) return undefined
    this.#touch(variants)
    return { response: found.response, ageMs: now - found.keptAt }
  }

  /** Forgets all answers under this key. */
  forget(key: AnswerKey): void {
    const variants = this.#byKey.get(key.exact)
    if (!variants) return
    this.#remove(variants, () => true)
    this.#end(variants)
  }

  /** Forgets all answers about this place: something was changed there. */
  forgetPlace(place: string, now: Ms): void {
    this.#changes.delete(place)
    this.#changes.set(place, now)
    if (this.#changes.size > MOST_CHANGES) this.#changes.delete(this.#changes.keys().next().value!)
    for (const exact of this.#byPlace.get(place) ?? []) this.forget({ exact, place })
  }

  #begin(key: AnswerKey): Variants<Response> {
    const there = this.#byPlace.get(key.place)
    if (there) there.add(key.exact)
    else this.#byPlace.set(key.place, new Set([key.exact]))
    const begun: Variants<Response> = { key, entries: [], older: undefined, newer: undefined }
    this.#byKey.set(key.exact, begun)
    this.#byUse.add(begun)
    return begun
  }

  /** It was used last. */
  #touch(variants: Variants<Response>): void {
    if (variants === this.#byUse.newest) return
    this.#byUse.remove(variants)
    this.#byUse.add(variants)
  }

  #remove({ entries }: Variants<Response>, condemned: (entry: Entry<Response>) => boolean): void {
    for (let at = entries.length - 1; at >= 0; at--) if (condemned(entries[at]!)) this.#removeAt(entries, at)
  }

  /** Of those before `end`. */
  #removeSelected(entries: Entry<Response>[], selector: Selector<Response>, end: number): void {
    for (let at = end - 1; at >= 0; at--) if (selector.selects(entries[at]!.response)) this.#removeAt(entries, at)
  }

  #removeAt(entries: Entry<Response>[], at: number): void {
    this.#size--
    this.#bytes -= entries[at]!.bytes
    if (at === entries.length - 1) entries.pop()
    else entries.splice(at, 1)
  }

  /** Forgets a key under which nothing is kept. */
  #end(variants: Variants<Response>): void {
    if (variants.entries.length > 0) return
    const { exact, place } = variants.key
    this.#byKey.delete(exact)
    this.#byUse.remove(variants)
    const there = this.#byPlace.get(place)
    there?.delete(exact)
    if (there?.size === 0) this.#byPlace.delete(place)
  }
}
