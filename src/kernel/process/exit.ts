// The end of a child process, watched in one way wherever one is started.
//
//   running ── exit ──▶ its pipes are read to their end, for 500 ms at most ──▶ exited
import type { ChildProcess } from 'node:child_process'
import { type Ms, realClock } from '../clock.ts'

export interface Exit {
  code: number | null
  signal: string | null
  /** True when nobody asked it to end. */
  unexpected: boolean
  /** The last lines of its standard error. */
  stderr: string
}

export interface WatchedExit {
  /** Resolves when the process has ended, or when it could not be started. */
  readonly exited: Promise<Exit>
  /** The last lines of its standard error so far. */
  readonly stderr: string
  /** From now on, an end is what was asked for. */
  expect(): void
  /** Adds a reason that was told elsewhere than on its standard error. */
  note(text: string): void
  /** Calls `ask`, and `kill` after `withinMs`. Resolves when the process has ended, or soon after `kill`. */
  end(ask: () => void, kill: () => void, withinMs: Ms): Promise<void>
}

const STDERR_KEPT = 4096
const CLOSE_TIMEOUT: Ms = 500
// SIGKILL takes effect at once, except on a process that waits for a disk or a network file system.
const KILL_TIMEOUT: Ms = 2000

/** To be called at once after `spawn`. Reads the standard error of `child`, if it is a pipe. */
export function watchExit(child: ChildProcess): WatchedExit {
  let stderr = ''
  let expected = false
  const note = (text: string): void => {
    stderr = (stderr + text).slice(-STDERR_KEPT)
  }
  child.stderr?.setEncoding('utf8').on('data', note)

  const exited = new Promise<Exit>((resolve) => {
    // Node reports other errors too, such as a failed kill; only a child without a pid was never started.
    child.on('error', (cause) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, unexpected: !expected, stderr: cause.message })
    })
    child.once('exit', (code, signal) => {
      const unexpected = !expected
      const report = (): void => {
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve({ code, signal, unexpected, stderr: stderr.trim() })
      }
      // The pipes may still hold journal lines and the reason. A grandchild may hold the pipes open for ever.
      const giveUp = realClock.after(CLOSE_TIMEOUT, report)
      child.once('close', () => {
        giveUp()
        report()
      })
    })
  })

  return {
    exited,
    get stderr() {
      return stderr
    },
    expect: () => void (expected = true),
    note,
    async end(ask, kill, withinMs) {
      expected = true
      ask()
      const over = Promise.withResolvers<void>()
      let cancel = realClock.after(withinMs, () => {
        kill()
        cancel = realClock.after(KILL_TIMEOUT, over.resolve)
      })
      await Promise.race([exited, over.promise])
      cancel()
    },
  }
}
