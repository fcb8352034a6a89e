// The conductor's side of the lease: what must be undone even if the conductor is killed outright.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LeaseMessage } from './keeper-process.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'

export interface Lease extends AsyncDisposable {
  /** The process group led by `pid`, and whatever has `mark` in its environment, ends when the conductor dies. */
  watchGroup(pid: number, mark: string): void
  forgetGroup(pid: number): void
  /** `method url` is sent when the conductor dies before `done(id)`. */
  undo(id: string, method: string, url: string): void
  done(id: string): void
}

export function holdLease(): Lease {
  // A group of its own: a terminal's Ctrl-C and a kill of the conductor's group must not reach it.
  const keeper = spawn(process.execPath, [fileURLToPath(moduleBeside(import.meta, './keeper-process'))], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  })
  const ended = once(keeper, 'exit')
  const send = (message: LeaseMessage): void => {
    if (keeper.connected) keeper.send(message, () => {})
  }
  return {
    watchGroup: (pid, mark) => send({ do: 'watch_group', pid, mark }),
    forgetGroup: (pid) => send({ do: 'forget_group', pid }),
    undo: (id, method, url) => send({ do: 'undo', id, method, url }),
    done: (id) => send({ do: 'done', id }),
    async [Symbol.asyncDispose]() {
      send({ do: 'release' })
      await ended
    },
  }
}
