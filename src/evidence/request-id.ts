// Request ids: they carry the run and the arrival's ordinal, so that an upstream's log can be joined to the plan without a table.

/**
 * The prefix of a run's request ids. No two runs share one, not even with the same seed: a gateway that outlives a run may still
 * retry its requests, or remember its idempotency keys, while the next is on.
 */
export function runId(seed: number, startedAt: Date): string {
  return `${seed.toString(36)}x${startedAt.getTime().toString(36)}`
}

/** `mark`: of a claim's probe, as in `probeMark`. */
export function requestId(run: string, index: number, mark?: string): string {
  return `${run}${mark === undefined ? '' : `${PROBE}${mark}`}-${index.toString(36)}`
}

/** The same ids, for who makes very many in turn: neighbours differ in their last digit alone. */
export class RequestIds {
  readonly #run: string
  /** All but the last digit of those from `#first` on. */
  #beginning = ''
  #first = Number.NEGATIVE_INFINITY

  constructor(run: string) {
    this.#run = run
  }

  of(index: number): string {
    if (index < this.#first || index >= this.#first + DIGITS.length) this.#turnTo(index)
    return this.#beginning + DIGITS[index - this.#first]!
  }

  #turnTo(index: number): void {
    this.#first = index - (index % DIGITS.length)
    this.#beginning = requestId(this.#run, this.#first).slice(0, -1)
  }
}

/**
 * The ordinal inside a request id of this run; −1 for a foreign one. A gateway that adds to the id of a request to tell its attempts
 * apart has made an id of its own.
 */
export function requestIndex(run: string, id: string): number {
  const dash = run.length + (id[run.length] === PROBE ? MARKED : 0)
  const from = dash + 1
  if (id.length <= from || id.charCodeAt(dash) !== DASH || !id.startsWith(run)) return -1
  let index = 0
  for (let at = from; at < id.length; at++) {
    const digit = digitOf(id.charCodeAt(at))
    if (digit < 0) return -1
    index = index * 36 + digit
  }
  return index
}

/** The ordinal inside a request id of any run. */
export function indexOf(id: string): number {
  let index = 0
  let place = 1
  for (let at = id.length - 1; at >= 0 && id.charCodeAt(at) !== DASH; at--) {
    index += digitOf(id.charCodeAt(at)) * place
    place *= 36
  }
  return index
}

const DIGITS = Array.from({ length: 36 }, (_, digit) => digit.toString(36))
const DASH = 45
const PROBE = 'p'
/** How much longer the id of a probe is. */
const MARKED = 9

/** Value of a base-36 digit in lower case; −1 for anything else. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 122 ? code - 87 : -1
}

/** What the ids of the crowd start with that saturates a gateway in this run: its requests are in no plan. */
export const crowdOf = (run: string): string => `${run}s`
