// Runs a Toxiproxy program on a free port, and makes sure that it is this very process that answers there: a server whose
// port is taken logs so and stays alive, and whoever took the port may be a Toxiproxy too.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { freePort } from '../../kernel/server.ts'
import { connectToxiproxy, type ToxiproxyControl } from '../client/client.ts'
import type { Held } from './held.ts'

const READY_WITHIN: Ms = 5000
const RECOGNISED_WITHIN: Ms = 2000
const ATTEMPTS = 3

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
      if (attempt === ATTEMPTS)
        throw new GatecrashError('child_failed', `${program}: ${(cause as Error).message}; try it by hand: ${program} -port ${port}`, {
          cause,
        })
    }
  }
}

/** Creates a proxy of a name that nobody else has; the child is the one that answers if its log tells of it. */
async function isAnswering(child: ChildProcess, url: string): Promise<void> {
  const name = `gatecrash-identity-${process.pid}-${child.pid}`
  let log = ''
  const patience = realClock.now() + READY_WITHIN
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
  // The log is read for as long as the child lives, or its pipe would fill; it is kept only until it was recognised.
  let recognised = (): void => {}
  const seen = new Promise<void>((resolve) => {
    recognised = resolve
  })
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    if (log.length < 65_536) log += text
    if (log.includes(name)) recognised()
  })
  const control = await Promise.race([answer(url, patience), ended])
  await control.createProxy({ name, upstream: '127.0.0.1:1' })
  const giveUp = new AbortController()
  const tooLate = realClock
    .sleep(RECOGNISED_WITHIN, giveUp.signal)
    .then(() => Promise.reject(new Error(`another server answers at ${url}`)))
  try {
    await Promise.race([seen, tooLate, ended])
  } finally {
    tooLate.catch(() => {})
    giveUp.abort()
    await control.removeProxy(name)
  }
}

async function answer(url: string, patience: Ms): Promise<ToxiproxyControl> {
  for (;;) {
    try {
      return await connectToxiproxy(url)
    } catch (error) {
      if (realClock.now() > patience) throw error
    }
    await realClock.sleep(20)
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
