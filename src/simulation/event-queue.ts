// The simulation's time: a heap of what happens when. What is planned for one instant happens in the order in which it was planned.
// An entry holds the one to whom it happens and a number that tells what: no closure and no object is made for it.
import { type Cancel, type Clock, type Ms, sleepOn } from '../kernel/clock.ts'

/** To whom things happen. */
export interface Actor {
  happen(what: number): void
}

const FIRST_ROOM = 256

export class EventQueue implements Clock {
  #now: Ms
  #planned = 0
  #size = 0
  // Columns of one heap, ordered by time and then by order of planning. They grow together.
  #due = new Float64Array(FIRST_ROOM)
  #order = new Float64Array(FIRST_ROOM)
  #what = new Int32Array(FIRST_ROOM)
  readonly #actor: Actor[] = []

  constructor(start: Ms) {
    this.#now = start
  }

  now(): Ms {
    return this.#now
  }

  /** When the next thing happens; Infinity when nothing is planned. */
  get next(): Ms {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#due[0]!
  }

  /** Lets `what` happen to `actor`; a time that is past is now. */
  at(due: Ms, actor: Actor, what: number): void {
    const time = due > this.#now ? due : this.#now
    if (this.#size === this.#due.length) this.#grow()
    const dues = this.#due
    let place = this.#size++
    while (place > 0) {
      const parent = (place - 1) >> 1
      // Of two at one time, the later one was planned later: it never passes its parent.
      if (time >= dues[parent]!) break
      this.#move(parent, place)
      place = parent
    }
    dues[place] = time
    this.#order[place] = this.#planned++
    this.#what[place] = what
    this.#actor[place] = actor
  }

  after(delay: Ms, fn: () => void): Cancel {
    const callback = new Callback(fn)
    this.at(this.#now + delay, callback, 0)
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
    const actor = this.#actor[0]!
    const what = this.#what[0]!
    this.#now = this.#due[0]!
    this.#takeFirst()
    actor.happen(what)
  }

  #takeFirst(): void {
    const last = --this.#size
    const dues = this.#due
    const orders = this.#order
    const time = dues[last]!
    const order = orders[last]!
    let place = 0
    for (let child = 1; child < last; child = 2 * place + 1) {
      const right = child + 1
      if (right < last && isBefore(dues[right]!, orders[right]!, dues[child]!, orders[child]!)) child = right
      if (!isBefore(dues[child]!, orders[child]!, time, order)) break
      this.#move(child, place)
      place = child
    }
    this.#move(last, place)
    this.#actor.pop()
  }

  #move(from: number, to: number): void {
    this.#due[to] = this.#due[from]!
    this.#order[to] = this.#order[from]!
    this.#what[to] = this.#what[from]!
    this.#actor[to] = this.#actor[from]!
  }

  #grow(): void {
    const room = 2 * this.#due.length
    const [due, order, what] = [new Float64Array(room), new Float64Array(room), new Int32Array(room)]
    due.set(this.#due)
    order.set(this.#order)
    what.set(this.#what)
    this.#due = due
    this.#order = order
    this.#what = what
  }
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
