// The parent's side of a role (see role.ts): starts the process, waits until it is ready, stops it for good.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Ms, realClock } from '../clock.ts'
import { type ErrorCode, GatecrashError, errorTable } from '../errors.ts'
import { type Exit, watchExit } from './exit.ts'
import type { Keep } from './kept.ts'
import type { FromRole, ToRole } from './role.ts'

export interface Role<Info> extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly info: Info
  /** Resolves when the process has ended. */
  readonly exited: Promise<Exit>
  tell(message: unknown): void
  /** Asks it to end, and kills it when it takes too long. Resolves when it is gone. */
  stop(): Promise<void>
}

export interface RoleOptions {
  /** Journal lines, whole, newline-terminated. */
  onLines?: (lines: string) => void
  onMessage?: (message: unknown) => void
  readyWithinMs?: Ms
  /** How long it may take to end when asked; default 2 s. */
  stopWithinMs?: Ms
  /** In a process group of its own: a Ctrl-C or a kill of the parent's group does not reach it. */
  ownGroup?: boolean
  /** The keeper's: it ends the process with its parent even if the process is stopped or hangs. */
  keep?: Keep
}

const READY_TIMEOUT: Ms = 15_000
const STOP_TIMEOUT: Ms = 2000

/**
 * Starts `module` (which calls `serveRole`) as a process of its own and hands it `config`.
 * @throws GatecrashError `child_failed`, or the code that the role itself failed with, when it does not become ready
 */
export async function startRole<Info>(name: string, module: URL, config: unknown, options: RoleOptions = {}): Promise<Role<Info>> {
  const child = spawn(process.execPath, [fileURLToPath(module)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
    detached: options.ownGroup ?? false,
  })
  const send = (message: ToRole): void => {
    if (child.connected) child.send(message, () => {})
  }
  const exit = watchExit(child)
  const { exited } = exit
  if (options.keep && child.pid !== undefined) void exited.then(options.keep({ is: 'process', pid: child.pid }))
  const kill = (): void => void child.kill('SIGKILL')
  const stop = (): Promise<void> => exit.end(() => send({ do: 'stop' }), kill, options.stopWithinMs ?? STOP_TIMEOUT)

  const ready = new Promise<Info>((resolve, reject) => {
    const giveUp = (code: ErrorCode, text: string): void => {
      tooLate()
      exit.expect()
      kill()
      reject(new GatecrashError(code, `${name}: ${text}`, { data: { stderr: exit.stderr } }))
    }
    const tooLate = realClock.after(options.readyWithinMs ?? READY_TIMEOUT, () => giveUp('child_failed', 'did not get ready in time'))
    let isReady = false
    child.on('message', (message: FromRole) => {
      if (message.is === 'lines') options.onLines?.(message.lines)
      else if (message.is === 'message') options.onMessage?.(message.message)
      else if (message.is === 'ready') {
        tooLate()
        isReady = true
        resolve(message.info as Info)
      } else {
        exit.note(`\n${message.stack || message.message}`)
        // A role that fails later ends by itself, which `exited` reports as unexpected.
        if (!isReady) giveUp(message.code in errorTable ? (message.code as ErrorCode) : 'child_failed', message.message)
      }
    })
    void exited.then(({ code, signal, stderr }) => {
      const how = child.pid === undefined ? 'not started' : (signal ?? `code ${code}`)
      if (!isReady) giveUp('child_failed', `ended before it was ready (${how})${stderr && `: ${stderr}`}`)
    })
  })

  send({ do: 'start', name, config })
  const info = await ready
  return { name, pid: child.pid!, info, exited, tell: (message) => send({ do: 'tell', message }), stop, [Symbol.asyncDispose]: stop }
}
