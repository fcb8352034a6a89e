// Runs a Toxiproxy program on a free port, and makes sure that the answers come from this very process. A real server whose port
// is taken logs an error and stays alive, and whoever took the port may be a Toxiproxy too.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { freePort } from '../../kernel/server.ts'
import { connectToxiproxy, type ToxiproxyClient } from '../client/client.ts'
import type { Held } from './held.ts'

const READY_TIMEOUT: Ms = 5000
const RECOGNITION_TIMEOUT: Ms = 2000
const POLL_INTERVAL: Ms = 20
const MAX_ATTEMPTS = 3
const MAX_LOG_LENGTH = 65_536

/** @throws GatecrashError `child_failed` when no attempt gets a server that answers */
export async function holdServer(program: string): Promise<Held> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LOG_LEVEL: 'info' },
    })
    try {
      await isAnswering(child, url)
      return { info: { url, pids: [child.pid!] }, release: () => kill(child) }
    } catch (cause) {
      await kill(child)
      if (attempt === MAX_ATTEMPTS)
        throw new GatecrashError('child_failed', `${program}: ${(cause as Error).message}; try it by hand: ${program} -port ${port}`, {
          cause,
        })
    }
  }
}

/** Creates a proxy of a name that nobody else has. The child is the server that answers if its log names that proxy. */
async function isAnswering(child: ChildProcess, url: string): Promise<void> {
  const name = `gatecrash-identity-${process.pid}-${child.pid}`
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
  const { promise: recognized, resolve: recognize } = Promise.withResolvers<void>()
  // The log is read for as long as the child lives, or its pipe would fill.
  let log = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    if (log.length < MAX_LOG_LENGTH) log += text
    if (log.includes(name)) recognize()
  })
  const client = await Promise.race([connectUntil(realClock.now() + READY_TIMEOUT, url), ended])
  await client.createProxy({ name, upstream: '127.0.0.1:1' })
  const done = new AbortController()
  const tooLate = realClock
    .sleep(RECOGNITION_TIMEOUT, done.signal)
    .then(() => Promise.reject(new Error(`another server answers at ${url}`)))
  try {
    await Promise.race([recognized, tooLate, ended])
  } finally {
    tooLate.catch(() => {})
    done.abort()
    await client.removeProxy(name)
  }
}

async function connectUntil(deadline: Ms, url: string): Promise<ToxiproxyClient> {
  for (;;) {
    try {
      return await connectToxiproxy(url)
    } catch (error) {
      if (realClock.now() > deadline) throw error
    }
    await realClock.sleep(POLL_INTERVAL)
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
