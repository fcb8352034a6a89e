// Writes down every process of the stage that ends, and tells of the first one that ended though nobody had asked it to.
import type { Exit } from '../../kernel/process/exit.ts'
import { realClock } from '../../kernel/clock.ts'
import type { JournalEvent, Role } from '../../evidence/events.ts'

export interface DeathWatch {
  /** Resolves with a sentence when a process ends by itself. */
  readonly first: Promise<string>
  watch(role: Role, process: { pid: number | undefined; exited: Promise<Exit> }): void
  /** Of a process that is not ours to wait for: it is gone. */
  gone(role: Role): void
  /** From here on ends are wanted. */
  expectEnds(): void
}

export function createDeathWatch(write: (event: JournalEvent) => void): DeathWatch {
  const { promise: first, resolve } = Promise.withResolvers<string>()
  let expected = false
  return {
    first,
    expectEnds: () => (expected = true),
    gone(role) {
      if (expected) return
      write({ type: 'process', t: realClock.now(), role, edge: 'exited', code: null, signal: null, unexpected: true })
      resolve(`the ${role} process ended by itself`)
    },
    watch(role, { pid, exited }) {
      write({ type: 'process', t: realClock.now(), role, edge: 'ready', ...(pid !== undefined && { pid }) })
      void exited.then(({ code, signal, unexpected, stderr }) => {
        const alone = unexpected && !expected
        write({
          type: 'process',
          t: realClock.now(),
          role,
          edge: 'exited',
          code,
          signal,
          unexpected: alone,
          ...(alone && stderr && { stderr }),
        })
        if (alone) resolve(`the ${role} process ended by itself (${signal ?? `code ${code}`})${stderr && `: ${stderr}`}`)
      })
    },
  }
}
