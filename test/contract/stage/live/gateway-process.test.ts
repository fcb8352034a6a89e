// Gateways as people write them: what their commands look like, and what they leave behind.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { type GatewayProcess, startGateway } from '../../../../src/stage/live/gateway-process.ts'
import { holdLease } from '../../../../src/stage/live/keeper.ts'

/** A server that is ready at once, and runs `more` first. */
const serving = (more = ''): string =>
  `node -e '${more}; require("http").createServer((q, r) => r.end("{}")).listen(process.env.PORT, "127.0.0.1")'`
const forking = (options: string): string =>
  serving(
    `const child = require("child_process").spawn("sleep", ["60"], ${options}); require("fs").writeFileSync("pid", String(child.pid))`,
  )

async function withGateway(command: string, use: (gateway: GatewayProcess, folder: string) => Promise<void>, readyWithinMs = 10_000) {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  try {
    await using lease = holdLease()
    const place = { configPath: join(folder, 'gateway.json'), logPath: join(folder, 'gateway.log') }
    const { signal } = new AbortController()
    const choice = { kind: 'command', command: command.replaceAll('"pid"', JSON.stringify(join(folder, 'pid'))) } as const
    await using gateway = await startGateway({ choice, upstreams: {}, ...place, readyPath: '/', readyWithinMs, lease, signal })
    await use(gateway, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const lives = async (pid: number): Promise<boolean> =>
  (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).replace(/.*\) /s, '').charAt(0).replace('Z', '') !== ''

it.each([
  ['assignments before it', `A=1 B="two words" ${serving('if (process.env.B !== "two words") process.exit(4)')}`],
  ['a folder to go to', `cd . && ${serving()}`],
  ['a redirection', `${serving()} 2>&1`],
])('starts a command with %s', async (_what, command) => {
  await withGateway(command, async (gateway) => {
    await gateway.stop()
    expect(await gateway.exited).toMatchObject({ unexpected: false })
  })
})

it.each([
  ['in its group', '{ stdio: "inherit" }'],
  ['in a group of their own', '{ stdio: "inherit", detached: true }'],
])('ends what a gateway started %s, and does not wait for it', async (_what, options) => {
  await withGateway(forking(options), async (gateway, folder) => {
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
    expect(await lives(pid)).toBe(true)
    const began = realClock.now()
    await gateway.stop()
    expect(realClock.now() - began).toBeLessThan(4000)
    expect(await lives(pid)).toBe(false)
  })
})

it('notices that a gateway ended although a child of it holds its output open', async () => {
  const dying = forking('{ stdio: "inherit" }').replace('; require("http")', '; setTimeout(() => process.exit(9), 1500); require("http")')
  await withGateway(dying, async (gateway) => {
    expect(await gateway.exited).toMatchObject({ code: 9, unexpected: true })
  })
})

it('ends a gateway that ignores SIGTERM', async () => {
  await withGateway(serving('process.on("SIGTERM", () => {})'), async (gateway) => {
    await gateway.stop()
    expect(await gateway.exited).toMatchObject({ signal: 'SIGKILL', unexpected: false })
  })
})

it('takes a gateway for ready by its status, though the body never ends', async () => {
  await withGateway(serving().replace('r.end("{}")', 'r.write("{")'), (gateway) => expect(gateway.stop()).resolves.toBeUndefined())
})
