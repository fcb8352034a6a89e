// One structure for all timeouts. Timeouts of one upstream have a few spans, and those of one span fall due in the order in which they
// were set. So one list and one timer per span are enough; to set or lift a timeout moves a few pointers.
//
//   2000 ms   oldest ─▶ entry ─▶ entry ─▶ newest      the timer waits for the oldest; a lifted entry just leaves the list
//     30 s    oldest ─▶ newest
import { Chain, type Linked } from '../../kernel/chain.ts'
import type { Cancel, Clock, Ms } from '../../kernel/clock.ts'

/** A timeout that can be waiting in one list at a time; embed or extend it. */
export interface Expiring {
  /** Links of the list it waits in; owned by Deadlines. */
  deadline: Waiting | undefined
  expire(): void
}

interface Waiting extends Linked<Waiting> {
  due: Ms
  owner: Expiring
  list: SpanList
}

interface SpanList {
  span: Ms
  /** In order of when they fall due. */
  entries: Chain<Waiting>
  timer: Cancel | undefined
}

// Spans that a total deadline cuts short are all different. Above this number of lists, empty ones are dropped.
const KEPT_LISTS = 16

// A timer that is this late means that the process stood still. Answers may be waiting in its sockets.
const STALL: Ms = 20

export class Deadlines {
  readonly #clock: Clock
  readonly #lists = new Map<Ms, SpanList>()
  /** The one that was looked for last: most are looked for again and again. */
  #lastList: SpanList | undefined
  #waiting = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many timeouts are waiting. */
  get waiting(): number {
    return this.#waiting
  }

  /** Calls `owner.expire()` once, `span` ms from `now`, which a caller may know already; setting it again starts it anew. */
  set(owner: Expiring, span: Ms, now: Ms = this.#clock.now()): void {
    if (owner.deadline) this.lift(owner)
    const list = this.#lastList?.span === span ? this.#lastList : this.#listOf(span)
    const entry: Waiting = { due: now + span, owner, list, older: undefined, newer: undefined }
    list.entries.add(entry)
    owner.deadline = entry
    this.#waiting++
    // Not always for `span`: while a list fires, it has no timer, and an owner that expires may set itself anew behind others.
    if (!list.timer) this.#arm(list, list.entries.oldest!.due - now)
  }

  /** As a clock's `after`. */
  after(span: Ms, fn: () => void): Cancel {
    const wait: Expiring = { deadline: undefined, expire: fn }
    this.set(wait, span)
    return () => this.lift(wait)
  }

  /** Forgets the timeout; without one, does nothing. */
  lift(owner: Expiring): void {
    const entry = owner.deadline
    if (!entry) return
    const { list } = entry
    list.entries.remove(entry)
    owner.deadline = undefined
    this.#waiting--
    if (!list.entries.oldest && this.#lists.size > KEPT_LISTS) this.#drop(list)
  }

  /** Stops all timers; what waited never expires. */
  close(): void {
    for (const list of this.#lists.values()) this.#drop(list)
  }

  #listOf(span: Ms): SpanList {
    let list = this.#lists.get(span)
    if (!list) this.#lists.set(span, (list = { span, entries: new Chain(), timer: undefined }))
    return (this.#lastList = list)
  }

  #arm(list: SpanList, delay: Ms): void {
    list.timer = this.#clock.after(delay, () => this.#fire(list))
  }

  // The timer stays when its entry is lifted, and looks at the list only when it fires. So a steady stream of successful calls
  // costs one timer per span, not one per call.
  #fire(list: SpanList, afterStall = false): void {
    list.timer = undefined
    // Node runs timers before it reads sockets. One turn of the loop comes first, or this process's stall would time out every upstream.
    if (!afterStall && list.entries.oldest && this.#clock.now() - list.entries.oldest.due > STALL) {
      list.timer = this.#clock.after(0, () => this.#fire(list, true))
      return
    }
    while (list.entries.oldest && list.entries.oldest.due <= this.#clock.now()) {
      const { owner } = list.entries.oldest
      this.lift(owner)
      owner.expire()
    }
    // Of an empty list, nobody has set a timeout for as long as its span.
    if (!list.entries.oldest) this.#drop(list)
    else if (!list.timer) this.#arm(list, list.entries.oldest.due - this.#clock.now())
  }

  #drop(list: SpanList): void {
    list.timer?.()
    list.timer = undefined
    if (this.#lastList === list) this.#lastList = undefined
    // An owner that expired may have begun another list of this span.
    if (this.#lists.get(list.span) === list) this.#lists.delete(list.span)
  }
}
