// Records when processes of the stage are ready and when they exit, and reports the first one that exited by itself.
import { realClock } from '../../kernel/clock.ts'
import type { Exit } from '../../kernel/process/exit.ts'
import type { ProcessEvent, Role } from '../../evidence/events.ts'

export interface ProcessExits {
  /** Resolves with a sentence when a process ends by itself. */
  readonly firstUnexpected: Promise<string>
  /** Writes that the process is ready now, and later that it exited. */
  watch(role: Role, process: { pid: number | undefined; exited: Promise<Exit> }): void
  /** Records the exit of a process that is not a child of this one. */
  gone(role: Role): void
  /** From now on, no exit is unexpected. */
  expectAll(): void
}

export function watchProcessExits(write: (event: ProcessEvent) => void): ProcessExits {
  const { promise: firstUnexpected, resolve } = Promise.withResolvers<string>()
  let allExpected = false
  return {
    firstUnexpected,
    expectAll: () => void (allExpected = true),
    gone(role) {
      if (allExpected) return
      write({ type: 'process', t: realClock.now(), role, edge: 'exited', code: null, signal: null, unexpected: true })
      resolve(`the ${role} process ended by itself`)
    },
    watch(role, { pid, exited }) {
      write({ type: 'process', t: realClock.now(), role, edge: 'ready', ...(pid !== undefined && { pid }) })
      void exited.then(({ code, signal, unexpected: unasked, stderr }) => {
        const unexpected = unasked && !allExpected
        const why = unexpected && stderr !== '' && { stderr }
        write({ type: 'process', t: realClock.now(), role, edge: 'exited', code, signal, unexpected, ...why })
        if (unexpected) resolve(`the ${role} process ended by itself (${signal ?? `code ${code}`})${stderr && `: ${stderr}`}`)
      })
    },
  }
}
