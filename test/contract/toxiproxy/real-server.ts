// A real Toxiproxy process for tests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { realClock } from '../../../src/kernel/clock.ts'
import { freePort } from '../../../src/kernel/server.ts'

export interface RealServer extends AsyncDisposable {
  url: string
  pid: number
  /** What it said last, once it has ended by itself; undefined as long as it runs. */
  died(): string | undefined
}

export async function startReal(program: string, ...flags: string[]): Promise<RealServer> {
  const port = await freePort()
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port), ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { LOG_LEVEL: 'error' },
  })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(0, 4000)))
  const url = `http://127.0.0.1:${port}`
  const patience = realClock.now() + 5000
  while (
    !(await fetch(`${url}/version`).then(
      (reply) => reply.ok,
      () => false,
    ))
  ) {
    if (realClock.now() > patience || child.exitCode !== null) throw new Error(`${program} did not get ready: ${said}`)
    await realClock.sleep(20)
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  const died = (): string | undefined => (child.exitCode === null && child.signalCode === null ? undefined : said)
  return { url, pid: child.pid!, died, [Symbol.asyncDispose]: stop }
}
