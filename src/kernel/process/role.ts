// The child's side of a role: a process of the stage. It receives orders and sends journal lines over an IPC channel.
//
//   parent ── {do:'start', config} ─▶ child ── {is:'ready', info} ─▶ parent
//   parent ── {do:'tell', message} ─▶ child ── {is:'lines', lines} ─▶ parent      journal lines, in batches
//   parent ── {do:'stop'} ──────────▶ child    (flushes, disconnects, exits 0)
//
// The channel is also a leash: it closes when the parent ends in any way, and then the child ends too.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Ms, realClock } from '../clock.ts'

export interface RoleContext {
  /** Appends an event to the journal; `type` and `t` are the caller's. Batched: at most 100 ms late. */
  write(event: { type: string; t: Ms }): void
  /** Sends a message outside the journal, such as progress. */
  post(message: unknown): void
}

export interface RunningRole<Info> {
  /** What the parent must know: ports, versions. Plain data. */
  info: Info
  /** Ends all work; events written while stopping still reach the journal. */
  stop(): Promise<void>
  /** Takes what the parent `tell`s. */
  hear?(message: unknown): void | Promise<void>
}

export type ToRole = { do: 'start'; name: string; config: unknown } | { do: 'tell'; message: unknown } | { do: 'stop' }
export type FromRole =
  | { is: 'ready'; info: unknown }
  | { is: 'lines'; lines: string }
  | { is: 'message'; message: unknown }
  | { is: 'failed'; code: string; message: string; stack?: string }

const FLUSH_EVERY: Ms = 100
const FLUSH_SIZE = 64 * 1024
const HEALTH_EVERY: Ms = 1000
const LEASH: Ms = 1000

/**
 * Makes this process a role. To be called once, from the module that the parent starts.
 * @param options.leashMs how long it may take to stop when the parent is gone and nobody is left to insist
 * @param options.endsOnSigterm false: it ends with its parent alone
 */
export function serveRole<Config, Info>(
  start: (config: Config, context: RoleContext) => Promise<RunningRole<Info>>,
  { leashMs = LEASH, endsOnSigterm = true }: { leashMs?: Ms; endsOnSigterm?: boolean } = {},
): void {
  let starting: Promise<RunningRole<Info>> | undefined
  let running: RunningRole<Info> | undefined
  let buffer = ''
  let ending = false
  const flush = (): Promise<void> => {
    const lines = buffer
    buffer = ''
    return lines ? send({ is: 'lines', lines }) : Promise.resolve()
  }
  const write: RoleContext['write'] = (event) => {
    buffer += `${JSON.stringify(event)}\n`
    if (buffer.length > FLUSH_SIZE) void flush()
  }
  const fail = async (error: unknown): Promise<void> => {
    const { code = 'internal', message, stack = '' } = error as Error & { code?: string }
    process.exitCode = 70
    await flush()
    await send({ is: 'failed', code, message, stack })
    process.exit()
  }
  // The channel is a pipe, and may be full. The last lines would be lost if the process exited before the pipe took them.
  const end = async (): Promise<void> => {
    if (ending) return
    ending = true
    // A start that is still under way must be undone too.
    const started = await starting?.catch(() => undefined)
    await started?.stop()
    await flush()
    if (process.connected) process.disconnect?.()
    process.exit()
  }
  const hear = async (message: ToRole): Promise<void> => {
    if (message.do === 'start') {
      starting = start(message.config as Config, { write, post: (posted) => void send({ is: 'message', message: posted }) })
      running = await starting
      void send({ is: 'ready', info: running.info })
      watchHealth(message.name, write)
      setInterval(() => void flush(), FLUSH_EVERY)
    } else if (message.do === 'tell') await running?.hear?.(message.message)
    else await end()
  }

  process.on('message', (message: ToRole) => void hear(message).catch(fail))
  process.on('disconnect', () => {
    realClock.after(leashMs, () => process.exit(70))
    void end().catch(() => process.exit(70))
  })
  // A terminal sends these signals to the whole process group. The parent decides what happens then.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  process.on('SIGTERM', () => {
    if (endsOnSigterm) void end().catch(fail)
  })
  process.on('uncaughtException', (error) => void fail(error))
  process.on('unhandledRejection', (error) => void fail(error))
}

/** Resolves when the channel has taken the message, or is closed. */
function send(message: FromRole): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })
}

/** Writes a `health` event a second for this process; the returned function ends it. */
export function watchHealth(role: string, write: RoleContext['write']): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let cpu = process.cpuUsage()
  let at = realClock.now()
  const timer = setInterval(() => {
    const t = realClock.now()
    const spent = process.cpuUsage(cpu)
    const event = {
      type: 'health',
      t,
      role,
      loopDelayP99: Math.max(0, delay.percentile(99) / 1e6 - 10),
      loopDelayMax: Math.max(0, delay.max / 1e6 - 10),
      cpu: (spent.user + spent.system) / 1000 / (t - at),
      rssBytes: process.memoryUsage.rss(),
    }
    write(event)
    delay.reset()
    cpu = process.cpuUsage()
    at = t
  }, HEALTH_EVERY)
  return () => {
    clearInterval(timer)
    delay.disable()
  }
}
