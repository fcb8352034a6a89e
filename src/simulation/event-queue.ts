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

/** What comes next, in columns: the top comes first. Each is due before all that was planned when it was put on. */
interface Stack {
  readonly due: Float64Array
  readonly what: Int32Array
}

/** What comes later, in columns. By place in the heap: `due` and `slot`. By slot, where an entry stays: `order` of planning and `what`. */
interface Heap {
  readonly due: Float64Array
  /** Behind the entries: the slots that are free. */
  readonly slot: Uint32Array
  readonly order: Float64Array
  readonly what: Int32Array
}

export class EventQueue implements Clock {
  /** When the next thing happens; Infinity when nothing is planned. */
  next: Ms = Number.POSITIVE_INFINITY
  #now: Ms
  // Nothing is at place 0, for ever.
  #top = 0
  #stack = stackOf(FIRST_ROOM)
  readonly #stackActor: (Actor | undefined)[] = [undefined]
  // Without an entry, the first is never due.
  #size = 0
  #planned = 0
  #heap = heapOf(FIRST_ROOM)
  /** By slot. */
  readonly #heapActor: (Actor | undefined)[] = []

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
    // Of two at one time, the one on the stack was planned first: it was put there before all that was planned.
    if (heap.due[0]! < stack.due[top]!) {
      const slot = heap.slot[0]!
      const actor = this.#heapActor[slot]!
      this.#heapActor[slot] = undefined
      this.#takeFirst()
      this.next = Math.min(stack.due[top]!, heap.due[0]!)
      actor.happen(heap.what[slot]!)
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
    if (place === this.#stack.due.length) this.#stack = grownStack(this.#stack)
    this.#stack.due[place] = time
    this.#stack.what[place] = what
    this.#stackActor[place] = actor
    this.next = time
  }

  #insert(time: Ms, actor: Actor, what: number): void {
    if (this.#size === this.#heap.due.length) this.#heap = grownHeap(this.#heap)
    const { due, slot: slots, order, what: whats } = this.#heap
    let place = this.#size++
    const slot = slots[place]!
    while (place > 0) {
      const parent = (place - 1) >> 1
      // Of two at one time, the later one was planned later: it never passes its parent.
      if (time >= due[parent]!) break
      this.#move(parent, place)
      place = parent
    }
    due[place] = time
    slots[place] = slot
    order[slot] = this.#planned++
    whats[slot] = what
    this.#heapActor[slot] = actor
  }

  #takeFirst(): void {
    const { due, slot } = this.#heap
    const last = --this.#size
    const lastDue = due[last]!
    const lastSlot = slot[last]!
    const freed = slot[0]!
    // The last entry mostly comes late: the gap sinks to the ground, and the entry rises from there. That compares half as often.
    let place = 0
    for (let child = 1; child < last; child = 2 * place + 1) {
      const right = child + 1
      if (right < last && this.#isBefore(due[right]!, slot[right]!, due[child]!, slot[child]!)) child = right
      this.#move(child, place)
      place = child
    }
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(lastDue, lastSlot, due[parent]!, slot[parent]!)) break
      this.#move(parent, place)
      place = parent
    }
    due[place] = lastDue
    slot[place] = lastSlot
    slot[last] = freed
    if (last === 0) due[0] = Number.POSITIVE_INFINITY
  }

  #move(from: number, to: number): void {
    const { due, slot } = this.#heap
    due[to] = due[from]!
    slot[to] = slot[from]!
  }

  #isBefore(time: Ms, slot: number, otherTime: Ms, otherSlot: number): boolean {
    return time < otherTime || (time === otherTime && this.#heap.order[slot]! < this.#heap.order[otherSlot]!)
  }
}

function stackOf(room: number): Stack {
  return { due: new Float64Array(room), what: new Int32Array(room) }
}

function grownStack({ due, what }: Stack): Stack {
  const larger = stackOf(2 * due.length)
  larger.due.set(due)
  larger.what.set(what)
  return larger
}

function heapOf(room: number): Heap {
  const slot = Uint32Array.from({ length: room }, (_, at) => at)
  return { due: new Float64Array(room), slot, order: new Float64Array(room), what: new Int32Array(room) }
}

function grownHeap({ due, slot, order, what }: Heap): Heap {
  const larger = heapOf(2 * due.length)
  larger.due.set(due)
  larger.slot.set(slot)
  larger.order.set(order)
  larger.what.set(what)
  return larger
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
