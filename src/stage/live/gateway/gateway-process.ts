// The gateway under test. A command starts it. Its environment tells it its port and its upstreams' base URLs.
// It is ready when a path answers 2xx, and ends on SIGTERM. A gateway that is already running is used as it is.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { GATEWAY_CONFIG } from '../../../contract/environment.ts'
import type { ProcessHandle } from '../../../faults/process-fault.ts'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { type Exit, watchExit } from '../../../kernel/process/exit.ts'
import { groupEnded, signalGroup } from '../../../kernel/process/group.ts'
import type { Keep } from '../../../kernel/process/kept.ts'
import { endMarked } from '../../../kernel/process/stray-processes.ts'
import { count } from '../../../kernel/wording.ts'
import type { GatewayChoice } from '../../../plan/gateway-choice.ts'
import { type GatewayCommand, type Surroundings, gatewayCommand } from './gateway-command.ts'
import { meetGateway, type ReadyOptions, untilReady } from './gateway-ready.ts'

export interface GatewayOptions extends ReadyOptions, Surroundings {
  choice: GatewayChoice
  logPath: string
  /** Takes secrets out of its last words, which the run records. */
  redact: (text: string) => string
  /** Ends the gateway when the conductor is gone. */
  keep: Keep
  /** Called when a process of the gateway is ready: for the first one, and after each restart. */
  onReady?: (process: { pid: number | undefined; exited: Promise<Exit> }) => void
}

export interface Gateway extends AsyncDisposable {
  readonly url: string
  /** Absent for a gateway that the stage did not start. */
  readonly process?: GatewayProcess
  /** SIGTERM to the whole group, and SIGKILL after 2 s. Processes that left the group are ended likewise. */
  stop(): Promise<void>
}

/**
 * What a process fault does to a gateway. Exits that it causes are no `unexpected` ones. A restart ends the gateway as `stop` does;
 * it rejects with GatecrashError `gateway_not_ready`.
 */
export interface GatewayProcess extends ProcessHandle {
  /** From `kill` or `restart` until it is ready again. */
  readonly isDown: boolean
}

const STOP_TIMEOUT: Ms = 2000

/** @throws GatecrashError `gateway_not_ready` when it ends by itself or does not answer in time, with the end of its log */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { choice, port } = options
  if (choice.kind === 'url') return useRunning(choice.url, options)
  const url = `http://127.0.0.1:${port}`
  const launch = (): Launched => launchGateway(gatewayCommand(choice, options), options)
  let running = launch()
  let stopped = false
  let isDown = false
  const whenReady = async (): Promise<void> => {
    const { pid, exited } = running
    await untilReady(url, exited, options)
    isDown = false
    options.onReady?.({ pid, exited })
  }
  const stop = async (): Promise<void> => {
    stopped = true
    await running.end()
  }

  try {
    await whenReady()
  } catch (error) {
    await stop()
    throw error
  }
  const restart = async (): Promise<void> => {
    isDown = true
    await running.end()
    if (stopped || options.signal.aborted) return
    running = launch()
    await whenReady().catch((error: unknown) => {
      // A run that was interrupted waits for nothing; what was started is stopped with the rest.
      if (!options.signal.aborted) throw error
    })
  }
  let starting = Promise.resolve()
  const process: GatewayProcess = {
    get isDown() {
      return isDown
    },
    kill() {
      isDown = true
      return running.kill()
    },
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    restart() {
      starting = restart()
      return starting
    },
    ready: () => starting,
    meet: (signal) => meetGateway(url + options.readyPath, signal),
  }
  return { url, process, stop, [Symbol.asyncDispose]: stop }
}

/** One process of the gateway, with its group. */
interface Launched {
  readonly pid: number | undefined
  readonly exited: Promise<Exit>
  signal(name: NodeJS.Signals): void
  kill(): Promise<void>
  end(): Promise<void>
}

function launchGateway({ file, args, env, folder }: GatewayCommand, { logPath, configPath, redact, keep }: GatewayOptions): Launched {
  const where = folder === undefined ? {} : { cwd: folder }
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, ...where })
  const exit = watchExit(child)
  const logged = keepLog(child, logPath, exit.exited)
  const { pid } = child
  const mark = `${GATEWAY_CONFIG}=${configPath}`
  const forget = pid === undefined ? undefined : keep({ is: 'group', pid, mark })
  let gone = pid === undefined
  const signal = (name: NodeJS.Signals): void => void (pid !== undefined && !gone && signalGroup(pid, name))
  const sweep = async (): Promise<void> => {
    // Processes that the command left behind, first in its group, then outside.
    signal('SIGKILL')
    gone = true
    await endMarked(mark)
    await logged
    forget?.()
  }
  return {
    pid,
    exited: exit.exited.then((how) => ({ ...how, stderr: redact(how.stderr) })),
    signal,
    async kill() {
      await exit.end(
        () => signal('SIGKILL'),
        () => signal('SIGKILL'),
        STOP_TIMEOUT,
      )
      await sweep()
    },
    async end() {
      const deadline = realClock.now() + STOP_TIMEOUT
      const ask = (): void => {
        signal('SIGTERM')
        // A stopped process receives SIGTERM only when it continues.
        signal('SIGCONT')
      }
      await exit.end(ask, () => signal('SIGKILL'), STOP_TIMEOUT)
      // A shell ends at once. The command that it started may still be answering its last requests.
      if (pid !== undefined && !gone) await groupEnded(pid, deadline - realClock.now())
      await sweep()
    },
  }
}

/** Appends to the file: a restarted gateway has the same one. Resolves when the whole output is written. */
function keepLog({ stdout, stderr }: ChildProcess, path: string, exited: Promise<Exit>): Promise<void> {
  const log = createWriteStream(path, { flags: 'a' })
  // A log that cannot be written is no reason to end a run.
  log.on('error', () => {})
  const write = boundedBy(MAX_LOG, (piece) => log.writable && log.write(piece))
  // What is not written is read all the same: a gateway must not stand still because nobody reads its output.
  stdout?.on('data', write)
  stderr?.on('data', write)
  const closed = new Promise<void>((resolve) => log.once('close', resolve))
  return exited.then(() => {
    log.end()
    return closed
  })
}

async function useRunning(url: string, options: GatewayOptions): Promise<Gateway> {
  const base = url.replace(/\/+$/, '')
  const exited = new Promise<Exit>(() => {})
  await untilReady(base, exited, options)
  options.onReady?.({ pid: undefined, exited })
  const nothing = (): Promise<void> => Promise.resolve()
  return { url: base, stop: nothing, [Symbol.asyncDispose]: nothing }
}

const MAX_LOG = 16 * 1024 * 1024

/** Passes on so many bytes, then a line that says so, then nothing. */
function boundedBy(bytes: number, pass: (piece: Buffer | string) => void): (piece: Buffer) => void {
  let left = bytes
  return (piece) => {
    if (left <= 0) return
    pass(piece)
    left -= piece.length
    if (left <= 0) pass(`\n[the rest is not kept: the output has more than ${count(bytes)} bytes]\n`)
  }
}
