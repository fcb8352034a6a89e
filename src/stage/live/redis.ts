// The Redis that a gateway keeps its work in: a server of the run's own, started where the gateway's settings name one. It writes to its
// file before it answers, so that what it acknowledged outlives its process. It waits for no disk: a disk that others keep busy would stop
// it for a second, and the gateway would rightly tell of a store that is away. The gateway reaches it through a proxy, as it does an upstream.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STORE_PROXY } from '../../contract/front-events.ts'
import type { Meeting, ProcessHandle } from '../../faults/process-fault.ts'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { type Exit, watchExit, type WatchedExit } from '../../kernel/process/exit.ts'
import type { Keep } from '../../kernel/process/kept.ts'
import { freePort } from '../../kernel/server.ts'
import type { ToxiproxyBackend } from '../../toxiproxy/backends/backend.ts'

/** Where a Redis of the stage is, play after play. */
export interface RedisPlace {
  /** That it listens on. */
  port: number
  /** `redis://…`: where the gateway reaches it, through a proxy. */
  url: string
}

export interface RunningRedis extends AsyncDisposable {
  readonly process: ProcessHandle
}

export interface RedisOptions {
  port: number
  keep: Keep
  signal: AbortSignal
  /** Called when it is ready: for the first process, and after each restart. */
  onReady: (process: { pid: number | undefined; exited: Promise<Exit> }) => void
}

const PROGRAM = 'redis-server'
const READY_TIMEOUT: Ms = 10_000
const STOP_TIMEOUT: Ms = 2000
const MEETING_TIMEOUT: Ms = 400
const LOOK_EVERY: Ms = 20

/** Puts a proxy before where a Redis is going to be: what the network does to a gateway and its store can be played too. */
export async function placeRedis(toxiproxy: ToxiproxyBackend): Promise<RedisPlace> {
  const port = await freePort()
  const { listen } = await toxiproxy.control.createProxy({ name: STORE_PROXY, upstream: `127.0.0.1:${port}` })
  return { port, url: `redis://${listen}` }
}

/** @throws GatecrashError `component_missing` where there is no redis-server, `child_failed` when it does not become ready */
export async function startRedis({ port, keep, signal, onReady }: RedisOptions): Promise<RunningRedis> {
  // A folder of its own: the run's is kept, and what Redis wrote belongs to no report.
  const folder = await mkdtemp(join(tmpdir(), 'gatecrash-redis-'))
  const forget = keep({ is: 'folder', path: folder })
  const settings = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'no']
  let running: { exit: WatchedExit; kill: (name: NodeJS.Signals) => void }

  const launch = async (): Promise<void> => {
    const child = spawn(PROGRAM, settings.map(String), { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    const exit = watchExit(child)
    running = { exit, kill: (name) => void child.kill(name) }
    const { pid } = child
    if (pid !== undefined) void exit.exited.then(keep({ is: 'process', pid }))
    let ended: Exit | undefined
    void exit.exited.then((how) => (ended = how))
    for (const deadline = realClock.now() + READY_TIMEOUT; (await meetRedis(port, signal)) !== 'answered';) {
      if (pid === undefined)
        throw new GatecrashError(
          'component_missing',
          `the gateway's store is Redis, and ${PROGRAM} is not installed: apt-get install ${PROGRAM}`,
        )
      if (ended || realClock.now() > deadline)
        throw new GatecrashError('child_failed', `${PROGRAM} did not get ready${ended?.stderr ? `: ${ended.stderr}` : ''}`)
      await realClock.sleep(LOOK_EVERY, signal)
    }
    onReady({ pid, exited: exit.exited })
  }
  const end = (name: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const { exit, kill } = running
    const ask = (): void => {
      kill(name)
      // A stopped process receives SIGTERM only when it continues.
      kill('SIGCONT')
    }
    return exit.end(ask, () => kill('SIGKILL'), STOP_TIMEOUT)
  }
  const stop = async (): Promise<void> => {
    await end('SIGTERM')
    await rm(folder, { recursive: true, force: true })
    forget()
  }
  try {
    await launch()
  } catch (error) {
    await stop()
    throw error
  }
  let starting = Promise.resolve()
  const restart = async (): Promise<void> => {
    await end('SIGTERM')
    if (!signal.aborted) await launch()
  }
  const process: ProcessHandle = {
    kill: () => end('SIGKILL'),
    pause: () => running.kill('SIGSTOP'),
    resume: () => running.kill('SIGCONT'),
    restart() {
      starting = restart()
      return starting
    },
    ready: () => starting,
    meet: (aborted) => meetRedis(port, aborted),
  }
  return { process, [Symbol.asyncDispose]: stop }
}

/** What one PING meets. One that still reads its file is not there yet. Never rejects. */
function meetRedis(port: number, signal: AbortSignal): Promise<Meeting> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    const finish = (met: Meeting): void => {
      enough()
      signal.removeEventListener('abort', abandon)
      socket.destroy()
      resolve(met)
    }
    const abandon = (): void => finish('silent')
    const enough = realClock.after(MEETING_TIMEOUT, abandon)
    signal.addEventListener('abort', abandon, { once: true })
    socket.on('connect', () => socket.write('PING\r\n'))
    socket.on('data', (said: string) => finish(said.startsWith('+PONG') ? 'answered' : 'broken'))
    socket.on('end', () => finish('broken'))
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED' ? 'refused' : 'broken'))
  })
}
