// A real redis-server of a test's own, on a free port, with its files in a folder that goes with it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../../../src/kernel/clock.ts'
import { freePort } from '../../../../src/kernel/server.ts'

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  signal(name: NodeJS.Signals): void
  /** SIGKILL. What it acknowledged is on the disk. */
  kill(): Promise<void>
  /** On the same port, with what is on the disk. */
  start(): Promise<void>
}

export async function startRedis(program: string): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gatecrash-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    // What it wrote to its file outlives its process. Waiting for a disk that others keep busy would stop it for seconds.
    const settings = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'no',
    ]
    child = spawn(program, settings, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    for await (const piece of child.stdout!) if ((said += String(piece)).includes('Ready to accept connections')) break
    child.stdout!.resume()
  }
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    signal: (name) => void child?.kill(name),
    kill,
    start,
    async [Symbol.asyncDispose]() {
      await kill()
      await realClock.sleep(0)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
