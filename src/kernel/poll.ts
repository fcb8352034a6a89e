// Looking at something again and again, one look at a time.
import { type Ms, realClock } from './clock.ts'

/** Looks now, and again `everyMs` after each look has ended, until a look says that it was the last, or until disposed. */
export function repeatedly(everyMs: Ms, look: (stopped: () => boolean) => Promise<'again' | 'enough'>): Disposable {
  let stopped = false
  let cancel = (): void => {}
  const next = async (): Promise<void> => {
    const then = await look(() => stopped)
    if (!stopped && then === 'again') cancel = realClock.after(everyMs, () => void next())
  }
  void next()
  return {
    [Symbol.dispose]() {
      stopped = true
      cancel()
    },
  }
}
