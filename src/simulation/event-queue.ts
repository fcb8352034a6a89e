// The simulation's time: a heap of what happens when. What is planned for one instant happens in the order in which it was planned.
// An entry holds the one to whom it happens and a number that tells what: no closure and no object is made for it.
import { type Cancel, type Clock, type Ms, sleepOn } from '../kernel/clock.ts'

/** To whom things happen. */
export interface Actor {
  happen(what: number): void
}

export class EventQueue implements Clock {
  #now: Ms
  #planned = 0
  #size = 0
  // Three columns of one heap, ordered by time and then by order of planning.
  readonly #due: Ms[] = []
  readonly #order: number[] = []
  readonly #actor: Actor[] = []
  readonly #what: number[] = []

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
    const order = this.#planned++
    let place = this.#size++
    while (place > 0) {
      const parent = (place - 1) >> 1
      // Of two at one time, the later one was planned later: it never passes its parent.
      if (time >= this.#due[parent]!) break
      this.#move(parent, place)
      place = parent
    }
    this.#set(place, time, order, actor, what)
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
    const time = this.#due[last]!
    const order = this.#order[last]!
    const actor = this.#actor[last]!
    const what = this.#what[last]!
    this.#due.pop()
    this.#order.pop()
    this.#actor.pop()
    this.#what.pop()
    if (last === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= last) break
      if (child + 1 < last && this.#isBefore(child + 1, this.#due[child]!, this.#order[child]!)) child++
      if (!this.#isBefore(child, time, order)) break
      this.#move(child, place)
      place = child
    }
    this.#set(place, time, order, actor, what)
  }

  #isBefore(place: number, time: Ms, order: number): boolean {
    const due = this.#due[place]!
    return due < time || (due === time && this.#order[place]! < order)
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#due[from]!, this.#order[from]!, this.#actor[from]!, this.#what[from]!)
  }

  #set(place: number, due: Ms, order: number, actor: Actor, what: number): void {
    this.#due[place] = due
    this.#order[place] = order
    this.#actor[place] = actor
    this.#what[place] = what
  }
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
