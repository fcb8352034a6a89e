// The simulation's time: what happens when. What is planned for one instant happens in the order in which it was planned.
// An entry holds the one to whom it happens and a number that tells what: no closure and no object is made for it.
//
//   at ─┬─ before all that is planned ─▶ stack      ways are short: most of what is planned comes next
//       └─ otherwise ──────────────────▶ heap
import { type Cancel, type Clock, type Ms, sleepOn } from '../kernel/clock.ts'

/** To whom things happen. */
export interface Actor {
  happen(what: number): void
}

const FIRST_ROOM = 256

/** Entries by place, in columns. */
interface Columns {
  readonly due: Float64Array
  readonly order: Float64Array
  readonly what: Int32Array
}

export class EventQueue implements Clock {
  /** When the next thing happens; Infinity when nothing is planned. */
  next: Ms = Number.POSITIVE_INFINITY
  #now: Ms
  #planned = 0
  // The top comes first. Nothing is at place 0, for ever.
  #top = 0
  #stack = columns(FIRST_ROOM)
  readonly #stackActor: (Actor | undefined)[] = [undefined]
  // Ordered by time and then by order of planning. Without an entry, the first is never due.
  #size = 0
  #heap = columns(FIRST_ROOM)
  readonly #heapActor: Actor[] = []

  constructor(start: Ms) {
    this.#now = start
    this.#stack.due[0] = Number.POSITIVE_INFINITY
    this.#heap.due[0] = Number.POSITIVE_INFINITY
  }

  now(): Ms {
    return this.#now
  }

  /** Lets `what` happen to `actor`; a time that is past is now. */
  at(due: Ms, actor: Actor, what: number): void {
    const time = due > this.#now ? due : this.#now
    if (time < this.next) this.#push(time, actor, what)
    else this.#insert(time, actor, what)
  }

  after(delay: Ms, fn: () => void): Cancel {
    return this.callAt(this.#now + delay, fn)
  }

  /**
   * As `at`, for what happens seldom. Up to four classes of actors are told apart by comparing; where there are more, each step looks up
   * what to call.
   */
  callAt(due: Ms, fn: () => void): Cancel {
    const callback = new Callback(fn)
    this.at(due, callback, 0)
    return () => callback.cancel()
  }

  sleep(delay: Ms, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delay, signal)
  }

  /** Moves time on to `t`, at which nothing planned lies behind. */
  advance(t: Ms): void {
    if (t > this.#now) this.#now = t
  }

  /** Lets the next thing happen. There must be one. */
  step(): void {
    this.#now = this.next
    const top = this.#top
    const stack = this.#stack
    const heap = this.#heap
    if (isBefore(heap.due[0]!, heap.order[0]!, stack.due[top]!, stack.order[top]!)) {
      const actor = this.#heapActor[0]!
      const what = heap.what[0]!
      this.#takeFirst()
      this.next = Math.min(stack.due[top]!, heap.due[0]!)
      actor.happen(what)
    } else {
      const actor = this.#stackActor[top]!
      this.#stackActor[top] = undefined
      this.#top = top - 1
      this.next = Math.min(stack.due[top - 1]!, heap.due[0]!)
      actor.happen(stack.what[top]!)
    }
  }

  #push(time: Ms, actor: Actor, what: number): void {
    const place = ++this.#top
    if (place === this.#stack.due.length) this.#stack = grown(this.#stack)
    const { due, order, what: whats } = this.#stack
    due[place] = time
    order[place] = this.#planned++
    whats[place] = what
    this.#stackActor[place] = actor
    this.next = time
  }

  #insert(time: Ms, actor: Actor, what: number): void {
    if (this.#size === this.#heap.due.length) this.#heap = grown(this.#heap)
    const { due } = this.#heap
    let place = this.#size++
    while (place > 0) {
      const parent = (place - 1) >> 1
      // Of two at one time, the later one was planned later: it never passes its parent.
      if (time >= due[parent]!) break
      this.#move(parent, place)
      place = parent
    }
    due[place] = time
    this.#heap.order[place] = this.#planned++
    this.#heap.what[place] = what
    this.#heapActor[place] = actor
  }

  #takeFirst(): void {
    const last = --this.#size
    const { due, order } = this.#heap
    const lastDue = due[last]!
    const lastOrder = order[last]!
    // The last entry mostly comes late: the gap sinks to the ground, and the entry rises from there. That compares half as often.
    let place = 0
    for (let child = 1; child < last; child = 2 * place + 1) {
      const right = child + 1
      if (right < last && isBefore(due[right]!, order[right]!, due[child]!, order[child]!)) child = right
      this.#move(child, place)
      place = child
    }
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!isBefore(lastDue, lastOrder, due[parent]!, order[parent]!)) break
      this.#move(parent, place)
      place = parent
    }
    this.#move(last, place)
    this.#heapActor.pop()
    if (last === 0) due[0] = Number.POSITIVE_INFINITY
  }

  #move(from: number, to: number): void {
    const { due, order, what } = this.#heap
    due[to] = due[from]!
    order[to] = order[from]!
    what[to] = what[from]!
    this.#heapActor[to] = this.#heapActor[from]!
  }
}

function columns(room: number): Columns {
  return { due: new Float64Array(room), order: new Float64Array(room), what: new Int32Array(room) }
}

function grown({ due, order, what }: Columns): Columns {
  const larger = columns(2 * due.length)
  larger.due.set(due)
  larger.order.set(order)
  larger.what.set(what)
  return larger
}

function isBefore(time: Ms, order: number, otherTime: Ms, otherOrder: number): boolean {
  return time < otherTime || (time === otherTime && order < otherOrder)
}

class Callback implements Actor {
  #fn: (() => void) | undefined

  constructor(fn: () => void) {
    this.#fn = fn
  }

  cancel(): void {
    this.#fn = undefined
  }

  happen(): void {
    const fn = this.#fn
    this.#fn = undefined
    fn?.()
  }
}
