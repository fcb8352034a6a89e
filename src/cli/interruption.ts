// Ctrl-C, SIGTERM, SIGHUP (a terminal that is closed), and the death of the parent process. The first of them asks for an orderly end; the second ends at once.
// Under npm a SIGTERM ends npm and its shell and leaves this process alone, so the parent's pid is watched.
import { type Ms, realClock } from '../kernel/clock.ts'
import type { ExitCode } from './exit-codes.ts'

export interface Interruption extends Disposable {
  readonly signal: AbortSignal
  /** What to exit with, once interrupted. */
  readonly exitCode: (ExitCode & (130 | 143)) | undefined
}

const WATCH_EVERY: Ms = 500

/** `onFirst` gets what happened, to print it. With `parent` false, the parent process is not watched. */
export function watchForInterruption(onFirst: (what: string) => void, { parent: watched = true } = {}): Interruption {
  const controller = new AbortController()
  let exitCode: 130 | 143 | undefined
  const interrupt = (code: 130 | 143, what: string): void => {
    // The roles and the lease notice by themselves when this process is gone.
    if (exitCode !== undefined) process.exit(exitCode)
    exitCode = code
    onFirst(what)
    controller.abort(new Error(what))
  }
  const onInterrupt = (): void => interrupt(130, 'interrupted')
  const onTerminate = (): void => interrupt(143, 'told to end')
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  process.on('SIGHUP', onTerminate)

  const parent = process.ppid
  let cancel = (): void => {}
  const watchParent = (): void => {
    if (process.ppid !== parent && exitCode === undefined) interrupt(143, 'the parent process is gone')
    cancel = realClock.after(WATCH_EVERY, watchParent)
  }
  if (watched) watchParent()
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode
    },
    [Symbol.dispose]() {
      cancel()
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
      process.off('SIGHUP', onTerminate)
    },
  }
}
