// The parent's side of a role (see role.ts): starts the process, waits until it is ready, stops it for good.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Ms, realClock } from '../clock.ts'
import { type ErrorCode, GatecrashError, errorTable } from '../errors.ts'
import type { FromRole, ToRole } from './role.ts'

export interface Exit {
  code: number | null
  signal: string | null
  /** True when nobody asked it to end. */
  unexpected: boolean
  /** The last lines of its standard error. */
  stderr: string
}

export interface Role<Info> extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly info: Info
  /** Resolves when the process has ended. */
  readonly exited: Promise<Exit>
  tell(message: unknown): void
  /** Asks it to end, and insists when it takes too long. Resolves when it is gone. */
  stop(): Promise<void>
}

export interface RoleOptions {
  /** Journal lines, whole, newline-terminated. */
  onLines?: (lines: string) => void
  onMessage?: (message: unknown) => void
  readyWithinMs?: Ms
  /** How long it may take to end when asked; default 2 s. */
  stopWithinMs?: Ms
  /** In a process group of its own: what ends the parent's group, a Ctrl-C or a kill, does not reach it. */
  ownGroup?: boolean
}

const STDERR_KEPT = 4096
const STOP_WITHIN: Ms = 2000
const LAST_WORDS: Ms = 500

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
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_KEPT)))

  let asked = false
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      const unexpected = !asked
      const report = (): void => resolve({ code, signal, unexpected, stderr: stderr.trim() })
      // Its pipes may still hold journal lines and the reason; a grandchild may hold them open for good.
      const enough = realClock.after(LAST_WORDS, report)
      child.once('close', () => {
        enough()
        report()
      })
    })
  })
  const stop = async (): Promise<void> => {
    asked = true
    send({ do: 'stop' })
    const insist = realClock.after(options.stopWithinMs ?? STOP_WITHIN, () => child.kill('SIGKILL'))
    await exited
    insist()
  }

  const ready = new Promise<Info>((resolve, reject) => {
    const giveUp = (code: ErrorCode, text: string): void => {
      tooLate()
      asked = true
      child.kill('SIGKILL')
      reject(new GatecrashError(code, `${name}: ${text}`, { data: { stderr } }))
    }
    const tooLate = realClock.after(options.readyWithinMs ?? 15_000, () => giveUp('child_failed', 'did not get ready in time'))
    let isReady = false
    child.once('error', (cause) => giveUp('child_failed', cause.message))
    child.on('message', (message: FromRole) => {
      if (message.is === 'lines') options.onLines?.(message.lines)
      else if (message.is === 'message') options.onMessage?.(message.message)
      else if (message.is === 'ready') {
        tooLate()
        isReady = true
        resolve(message.info as Info)
      } else {
        stderr = `${stderr}\n${message.stack || message.message}`.slice(-STDERR_KEPT)
        // A role that fails later ends by itself, which `exited` reports as unexpected.
        if (!isReady) giveUp(message.code in errorTable ? (message.code as ErrorCode) : 'child_failed', message.message)
      }
    })
    void exited.then((exit) => {
      const how = exit.signal ?? `code ${exit.code}`
      if (!isReady) giveUp('child_failed', `ended before it was ready (${how})${exit.stderr && `: ${exit.stderr}`}`)
    })
  })

  send({ do: 'start', name, config })
  const info = await ready
  return { name, pid: child.pid!, info, exited, tell: (message) => send({ do: 'tell', message }), stop, [Symbol.asyncDispose]: stop }
}
