// Gateways as people write them: what their commands look like, and what they leave behind.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { realClock } from '../../../../../src/kernel/clock.ts'
import type { Exit } from '../../../../../src/kernel/process/exit.ts'
import { groupRuns } from '../../../../../src/kernel/process/group.ts'
import { freePort } from '../../../../../src/kernel/server.ts'
import { type Gateway, startGateway } from '../../../../../src/stage/live/gateway/gateway-process.ts'

/** A server that is ready at once, and runs `more` first. */
const serving = (more = ''): string =>
  `node -e '${more}; require("http").createServer((q, r) => r.end("{}")).listen(process.env.PORT, "127.0.0.1")'`
const forking = (options: string): string =>
  serving(
    `const child = require("child_process").spawn("sleep", ["60"], ${options}); require("fs").writeFileSync("pid", String(child.pid))`,
  )

const keep = () => () => {}

type Ready = { pid: number | undefined; exited: Promise<Exit> }

async function withGateway(
  command: string,
  use: (gateway: Gateway, started: Ready[], folder: string) => Promise<void>,
  readyWithinMs = 10_000,
) {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  try {
    const place = { configPath: join(folder, 'gateway.json'), logPath: join(folder, 'gateway.log'), redact: (text: string) => text }
    const { signal } = new AbortController()
    const choice = { kind: 'command', command: command.replaceAll('"pid"', JSON.stringify(join(folder, 'pid'))) } as const
    const started: Ready[] = []
    const onReady = (process: Ready): void => void started.push(process)
    await using gateway = await startGateway({
      choice,
      upstreams: {},
      port: await freePort(),
      values: new Map(),
      ...place,
      readyPath: '/',
      readyWithinMs,
      keep,
      signal,
      onReady,
    })
    await use(gateway, started, folder)
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
  await withGateway(command, async (gateway, started) => {
    await gateway.stop()
    expect(await started[0]!.exited).toMatchObject({ unexpected: false })
  })
})

it.each([
  ['in its group', '{ stdio: "inherit" }'],
  ['in a group of their own', '{ stdio: "inherit", detached: true }'],
])('ends what a gateway started %s, and does not wait for it', async (_what, options) => {
  await withGateway(forking(options), async (gateway, _started, folder) => {
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
  await withGateway(dying, async (_gateway, started) => {
    expect(await started[0]!.exited).toMatchObject({ code: 9, unexpected: true })
  })
})

it.each([
  ['is the shell itself', ''],
  ['runs beside the shell', '; true'],
])('ends a gateway that ignores SIGTERM and %s', async (_what, after) => {
  await withGateway(serving('process.on("SIGTERM", () => {})') + after, async (gateway, [first]) => {
    const began = realClock.now()
    await gateway.stop()
    expect(realClock.now() - began).toBeGreaterThan(1900)
    expect(await groupRuns(first!.pid!)).toBe(false)
    expect(await first!.exited).toMatchObject({ unexpected: false })
  })
})

it('leaves a gateway that the shell does not wait for the time to end in order', async () => {
  const slow = serving('process.on("SIGTERM", () => setTimeout(() => { require("fs").writeFileSync("pid", "7"); process.exit() }, 800))')
  await withGateway(`${slow}; true`, async (gateway, _started, folder) => {
    await gateway.stop()
    expect(await readFile(join(folder, 'pid'), 'utf8')).toBe('7')
  })
})

const answer = (url: string): Promise<number> =>
  fetch(url, { signal: AbortSignal.timeout(300) }).then(
    ({ status }) => status,
    () => 0,
  )

it('kills a gateway as no unexpected end, and starts it again on the same port', async () => {
  await withGateway(serving(), async (gateway, started) => {
    await gateway.process!.kill()
    expect(await started[0]!.exited).toMatchObject({ signal: 'SIGKILL', unexpected: false })
    expect(await answer(gateway.url)).toBe(0)
    await gateway.process!.restart()
    expect(await answer(gateway.url)).toBe(200)
    expect(started).toHaveLength(2)
    expect(started[1]!.pid).not.toBe(started[0]!.pid)
    await gateway.stop()
    expect(await started[1]!.exited).toMatchObject({ unexpected: false })
  })
})

it('restarts a gateway that runs: it is asked to end, and another process answers on its port', async () => {
  await withGateway(serving(), async (gateway, started) => {
    await gateway.process!.restart()
    expect(await started[0]!.exited).toMatchObject({ signal: 'SIGTERM', unexpected: false })
    expect(await answer(gateway.url)).toBe(200)
    expect(started).toHaveLength(2)
  })
})

it('pauses a gateway, which answers again once it goes on', async () => {
  await withGateway(serving(), async (gateway) => {
    gateway.process!.pause()
    expect(await answer(gateway.url)).toBe(0)
    gateway.process!.resume()
    expect(await answer(gateway.url)).toBe(200)
  })
})

it('ends a gateway that is paused, by SIGTERM', async () => {
  await withGateway(serving(), async (gateway, [first]) => {
    gateway.process!.pause()
    await gateway.stop()
    expect(await first!.exited).toMatchObject({ signal: 'SIGTERM', unexpected: false })
  })
})

it('does not start a gateway again that was stopped meanwhile', async () => {
  await withGateway(serving(), async (gateway, started) => {
    const restarting = gateway.process!.restart()
    await gateway.stop()
    await restarting
    expect(started).toHaveLength(1)
    expect(await answer(gateway.url)).toBe(0)
  })
})

it('takes a gateway for ready by its status, though the body never ends', async () => {
  await withGateway(serving().replace('r.end("{}")', 'r.write("{")'), (gateway) => expect(gateway.stop()).resolves.toBeUndefined())
})
