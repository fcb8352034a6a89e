// Good answers, kept in memory for the time when there is no other. Bounded in number and in bytes; those that were used longest ago
// are forgotten first. Which answer may be given to whom is for the request to say: see CacheableRequest.
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
}

interface Entry<Response> extends KeptAnswer<Response> {
  keptAt: Ms
}

/** The answers under one key: they differ in what the request asked for beside it, such as the language. */
interface Variants<Response> {
  key: AnswerKey
  entries: Entry<Response>[]
}

// Under one key, answers are looked through one by one.
const MOST_VARIANTS = 32

export class KeptAnswers<Response> {
  readonly #most: { entries: number; bytes: number }
  // In order of last use: the first is forgotten first.
  readonly #byKey = new Map<string, Variants<Response>>()
  readonly #byPlace = new Map<string, Set<string>>()
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

  /** Keeps an answer in the place of those that `replaces` names. One that is larger than the whole memory is not kept. */
  put(key: AnswerKey, answer: KeptAnswer<Response>, replaces: (kept: Response) => boolean, now: Ms): void {
    const variants = this.#byKey.get(key.exact) ?? { key, entries: [] }
    this.#remove(variants, ({ response }) => replaces(response))
    if (answer.bytes > this.#most.bytes) return
    if (variants.entries.length >= MOST_VARIANTS) this.#remove(variants, (entry) => entry === variants.entries[0])
    variants.entries.push({ ...answer, keptAt: now })
    this.#size++
    this.#bytes += answer.bytes
    this.#touch(variants)
    while (this.#size > this.#most.entries || this.#bytes > this.#most.bytes) {
      const [oldest] = this.#byKey.values()
      this.#remove(oldest!, (entry) => entry === oldest!.entries[0])
    }
  }

  /** The newest answer under this key that `selects` takes and that is still of use; those that are not are forgotten. */
  find(key: AnswerKey, selects: (kept: Response) => boolean, now: Ms): { response: Response; ageMs: Ms } | undefined {
    const variants = this.#byKey.get(key.exact)
    if (!variants) return undefined
    this.#remove(variants, ({ keptAt, usableMs }) => now - keptAt > usableMs)
    const found = variants.entries.findLast(({ response }) => selects(response))
    if (!found) return undefined
    this.#touch(variants)
    return { response: found.response, ageMs: now - found.keptAt }
  }

  /** Forgets all answers under this key. */
  forget(key: AnswerKey): void {
    const variants = this.#byKey.get(key.exact)
    if (variants) this.#remove(variants, () => true)
  }

  /** Forgets all answers about this place. */
  forgetPlace(place: string): void {
    for (const exact of this.#byPlace.get(place) ?? []) this.#remove(this.#byKey.get(exact)!, () => true)
  }

  #touch(variants: Variants<Response>): void {
    const { exact, place } = variants.key
    this.#byKey.delete(exact)
    this.#byKey.set(exact, variants)
    const there = this.#byPlace.get(place)
    if (there) there.add(exact)
    else this.#byPlace.set(place, new Set([exact]))
  }

  #remove(variants: Variants<Response>, condemned: (entry: Entry<Response>) => boolean): void {
    variants.entries = variants.entries.filter((entry) => {
      if (!condemned(entry)) return true
      this.#size--
      this.#bytes -= entry.bytes
      return false
    })
    if (variants.entries.length > 0) return
    const { exact, place } = variants.key
    this.#byKey.delete(exact)
    const there = this.#byPlace.get(place)
    there?.delete(exact)
    if (there?.size === 0) this.#byPlace.delete(place)
  }
}
