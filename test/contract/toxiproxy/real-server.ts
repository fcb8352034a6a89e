// A real Toxiproxy process for tests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { realClock } from '../../../src/kernel/clock.ts'
import { freePort } from '../../../src/kernel/server.ts'

export async function startReal(program: string, ...flags: string[]): Promise<{ url: string; pid: number } & AsyncDisposable> {
  const port = await freePort()
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port), ...flags], { stdio: 'ignore', env: { LOG_LEVEL: 'error' } })
  const url = `http://127.0.0.1:${port}`
  const patience = realClock.now() + 5000
  while (
    !(await fetch(`${url}/version`).then(
      (reply) => reply.ok,
      () => false,
    ))
  ) {
    if (realClock.now() > patience || child.exitCode !== null) throw new Error(`${program} did not get ready`)
    await realClock.sleep(20)
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  return { url, pid: child.pid!, [Symbol.asyncDispose]: stop }
}
