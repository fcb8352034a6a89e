// Ends loops without an end in code that is not ours. Such a loop lets this thread hear nothing any more, no timer and no signal. So
// another thread watches this one:
//
//   this thread ── alive ──▶ watcher
//   this thread ── silence ─▶ watcher ── pause: where is it? ── terminate ──▶ this thread goes on, and hears `frames`
import { Worker } from 'node:worker_threads'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'

/** Where a thread was, innermost first. */
export interface Frame {
  /** As the runtime names it: a file URL, `node:internal/…`. */
  url: string
  /** From 1. */
  line: number
}

export type ToWatcher = { is: 'alive' } | { is: 'watched'; patienceMs: Ms } | { is: 'unwatched' }

const ALIVE_EVERY: Ms = 250

let watcher: Worker | undefined
let onEnded: ((frames: readonly Frame[]) => void) | undefined

/**
 * Watches this thread until disposed of. Whatever takes more processor time than `patienceMs` at a stretch is terminated where it is: none of its
 * `catch` and `finally` blocks run, up to the callback or the promise reaction that it began with. `ended` is then called. One watch at a time.
 */
export function watchForEndlessLoops(patienceMs: Ms, ended: (frames: readonly Frame[]) => void): Disposable {
  watcher ??= startWatcher()
  const tell = (message: ToWatcher): void => watcher?.postMessage(message)
  onEnded = ended
  tell({ is: 'watched', patienceMs })
  let cancel = (): void => {}
  const beat = (): void => {
    tell({ is: 'alive' })
    cancel = realClock.after(ALIVE_EVERY, beat)
  }
  cancel = realClock.after(ALIVE_EVERY, beat)
  return {
    [Symbol.dispose]() {
      cancel()
      onEnded = undefined
      tell({ is: 'unwatched' })
    },
  }
}

function startWatcher(): Worker {
  const started = new Worker(moduleBeside(import.meta, './endless-loop-watcher'))
  started.on('message', (frames: readonly Frame[]) => onEnded?.(frames))
  // A Node without its inspector cannot be watched; everything else works.
  started.on('error', () => {})
  // After the listeners, which keep a process alive.
  started.unref()
  return started
}
