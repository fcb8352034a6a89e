import { realClock } from '../../../src/kernel/clock.ts'

/** Waits until `ready` gives a value that is not undefined; fails after ten seconds. */
export async function until<Value>(what: string, ready: () => Value | undefined): Promise<Value> {
  const giveUp = realClock.now() + 10_000
  for (;;) {
    const value = ready()
    if (value !== undefined) return value
    if (realClock.now() > giveUp) throw new Error(`waited 10 s in vain for ${what}`)
    await realClock.sleep(5)
  }
}
