// The gateway under test, whatever it is: started by a command, told its port and its upstreams' base URLs in the environment,
// ready when a path answers 2xx, ended by SIGTERM. One that is already running is used as it is.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { GATEWAY_CONFIG, PORT, upstreamVariable } from '../../contract/environment.ts'
import type { Exit } from '../../kernel/process/start-role.ts'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { freePort } from '../../kernel/server.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import { endMarked } from './stray-processes.ts'
import type { Lease } from './keeper.ts'

export type GatewayChoice =
  | { kind: 'reference' }
  /** A shell command; see the contract above. */
  | { kind: 'command'; command: string }
  | { kind: 'url'; url: string }

export interface GatewayOptions {
  choice: GatewayChoice
  /** Base URL by upstream name, as the gateway is to reach it: through the proxy. */
  upstreams: Record<string, string>
  /** A file with the reference gateway's settings; other gateways may read it too. */
  configPath: string
  logPath: string
  readyPath: string
  readyWithinMs: Ms
  lease: Lease
  signal: AbortSignal
}

export interface GatewayProcess extends AsyncDisposable {
  readonly url: string
  /** Absent for a gateway that was running before. */
  readonly pid: number | undefined
  readonly exited: Promise<Exit>
  /** SIGTERM, and SIGKILL to the whole group after 2 s; then the same to what left the group. */
  stop(): Promise<void>
}

const POLL: Ms = 20
const ANSWERS_WITHIN: Ms = 1000
const PATIENCE: Ms = 2000
const LAST_WORDS: Ms = 500
const STDERR_KEPT = 4096

/** @throws GatecrashError `gateway_not_ready` when it ends by itself or does not answer in time, with the end of its log */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  if (options.choice.kind === 'url') return useRunning(options.choice.url, options)
  const port = await freePort()
  const [file, args] = commandOf(options.choice)
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment(port, options) },
  })
  const log = createWriteStream(options.logPath)
  let stderr = ''
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_KEPT)))

  let asked = false
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (cause) => resolve({ code: null, signal: null, unexpected: true, stderr: cause.message }))
    child.once('exit', (code, signal) => {
      const unexpected = !asked
      const report = (): void => {
        child.stdout.destroy()
        child.stderr.destroy()
        log.end()
        resolve({ code, signal, unexpected, stderr: stderr.trim() })
      }
      // Its pipes may still hold the reason; a process that it left behind may hold them open for good.
      const enough = realClock.after(LAST_WORDS, report)
      child.once('close', () => {
        enough()
        report()
      })
    })
  })
  if (child.pid !== undefined) options.lease.watchGroup(child.pid, markOf(options))
  const stop = async (): Promise<void> => {
    asked = true
    killGroup(child.pid, 'SIGTERM')
    const insist = realClock.after(PATIENCE, () => killGroup(child.pid, 'SIGKILL'))
    await exited
    insist()
    // What the command left behind in its group.
    killGroup(child.pid, 'SIGKILL')
    await endMarked(markOf(options))
    if (child.pid !== undefined) options.lease.forgetGroup(child.pid)
  }

  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(url, options, exited)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, pid: child.pid, exited, stop, [Symbol.asyncDispose]: stop }
}

/** What the command and all that it starts have in their environment, and no other run's has. */
const markOf = ({ configPath }: GatewayOptions): string => `${GATEWAY_CONFIG}=${configPath}`

function environment(port: number, { upstreams, configPath }: GatewayOptions): Record<string, string> {
  const urls = Object.entries(upstreams).map(([name, url]) => [upstreamVariable(name), url])
  return { ...Object.fromEntries(urls), [PORT]: String(port), [GATEWAY_CONFIG]: configPath }
}

function commandOf(choice: Exclude<GatewayChoice, { kind: 'url' }>): [string, string[]] {
  if (choice.kind === 'reference') return [process.execPath, [fileURLToPath(moduleBeside(import.meta, '../../gateway/main'))]]
  return ['/bin/sh', ['-c', becoming(choice.command)]]
}

/**
 * With `exec` the shell becomes the command, so that signals and exit codes are the command's own. What is more than one
 * command stays with the shell, whose group is signalled as a whole.
 */
function becoming(command: string): string {
  const bare = command.replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"|\d?[<>]&\d?/g, '')
  if (/[;&|\n]|^\s*(?:[({!]|(?:cd|exec|export|ulimit|umask|if|for|while|until|case)\s)/.test(bare)) return command
  return /^\s*[A-Za-z_]\w*=/.test(command) ? `exec env ${command}` : `exec ${command}`
}

async function useRunning(url: string, options: GatewayOptions): Promise<GatewayProcess> {
  const base = url.replace(/\/+$/, '')
  const never = new Promise<Exit>(() => {})
  await untilReady(base, options, never)
  const nothing = (): Promise<void> => Promise.resolve()
  return { url: base, pid: undefined, exited: never, stop: nothing, [Symbol.asyncDispose]: nothing }
}

async function untilReady(url: string, { readyPath, readyWithinMs, signal }: GatewayOptions, exited: Promise<Exit>): Promise<void> {
  let exit: Exit | undefined
  void exited.then((ended) => (exit = ended))
  const deadline = realClock.now() + readyWithinMs
  let last = 'no connection'
  while (realClock.now() < deadline) {
    if (exit)
      throw new GatecrashError(
        'gateway_not_ready',
        `the gateway ended before it was ready (${exit.signal ?? `code ${exit.code}`})${told(exit.stderr)}`,
      )
    try {
      const { statusCode, body } = await request(url + readyPath, { headersTimeout: ANSWERS_WITHIN, signal })
      // The status is all there is to know: a body may never end.
      body.on('error', () => {}).destroy()
      if (statusCode >= 200 && statusCode < 300) return
      last = `status ${statusCode}`
    } catch (error) {
      if (signal.aborted) throw error
      last = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    }
    await realClock.sleep(POLL, signal)
  }
  throw new GatecrashError(
    'gateway_not_ready',
    `the gateway did not get ready within ${readyWithinMs / 1000} s: GET ${url}${readyPath} said ${last}. It must listen on 127.0.0.1:$PORT and answer 2xx there`,
  )
}

function told(stderr: string): string {
  return stderr ? `:\n${stderr}` : ''
}

function killGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // The group has ended by itself.
  }
}
