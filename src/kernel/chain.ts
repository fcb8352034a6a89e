// Things in the order in which they were put in, linked by themselves: any of them is taken out at once, however many there are.
//
//   oldest ─▶ thing ─▶ thing ─▶ newest

/** What a thing needs to be in one chain at a time. The chain alone sets it. */
export interface Linked<Thing> {
  older: Thing | undefined
  newer: Thing | undefined
}

export class Chain<Thing extends Linked<Thing>> {
  oldest: Thing | undefined
  newest: Thing | undefined

  /** As the newest; it must be in no chain. */
  add(thing: Thing): void {
    thing.older = this.newest
    if (this.newest) this.newest.newer = thing
    else this.oldest = thing
    this.newest = thing
  }

  /** It must be in this chain. */
  remove(thing: Thing): void {
    const { older, newer } = thing
    if (older) older.newer = newer
    else this.oldest = newer
    if (newer) newer.older = older
    else this.newest = older
    // The collector would keep what an old dead thing points to, and so a chain of all that came after it.
    thing.older = undefined
    thing.newer = undefined
  }
}
