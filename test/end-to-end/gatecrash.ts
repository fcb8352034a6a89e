// Runs the command line as a person does, and finds what it leaves behind: files, exit codes, processes.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../../src/kernel/clock.ts'
import type { Verdict } from '../../src/judge/verdict.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Started extends AsyncDisposable {
  readonly pid: number
  /** Where its bundles go. */
  readonly out: string
  readonly ended: Promise<Ended>
  /** Resolves with the text, or what the pattern matches, when it was printed; rejects when the process ends without it. */
  saw(text: string | RegExp): Promise<string>
  /** Signals the process alone. */
  kill(signal: NodeJS.Signals): void
  /** Signals its whole group, as a terminal does on Ctrl-C. */
  interrupt(): void
  /** Signals the process of the run whose command holds `part`; by default, that ends it outright. */
  killRole(part: string, signal?: NodeJS.Signals): Promise<void>
  /** Commands of the processes that it started, directly or not, and that are still there. */
  left(): Promise<string[]>
  /** The folder of the newest bundle of a scenario. */
  bundle(scenario: string): Promise<string>
  verdict(scenario: string): Promise<Verdict>
}

export interface StartOptions {
  /** The command line itself; else by way of `npm run`. */
  direct?: boolean
  /** Beside the environment of the tests; undefined takes a variable away. */
  env?: NodeJS.ProcessEnv
  /** The folder that it is started in; else the repository. */
  cwd?: string
  /** Where its bundles go; else a folder of its own. */
  out?: string
  /** Nobody reads its standard output. */
  closedOutput?: boolean
}

/** Starts it. Ends, and takes its files with it, when disposed of. */
export async function start(args: string[], { direct = true, env, cwd, out: named, closedOutput }: StartOptions = {}): Promise<Started> {
  const own = await mkdtemp(join(tmpdir(), 'gatecrash-'))
  const out = named ?? own
  // Inherited by every process of the run: how they are found again.
  const mark = `TEST_OF_GATECRASH=${randomUUID()}`
  const command = direct
    ? [process.execPath, join(process.cwd(), 'src/cli/main.ts'), ...args]
    : ['npm', 'run', '--silent', 'gatecrash', '--', ...args]
  const child = spawn(command[0]!, [...command.slice(1), ...(['run', 'calibrate'].includes(args[0]!) ? ['--out', out] : [])], {
    detached: true,
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, TEST_OF_GATECRASH: mark.slice(mark.indexOf('=') + 1) },
  })
  if (closedOutput) child.stdout.destroy()
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const look = (): void => {
    for (const watch of watchers) watch()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    look()
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))

  const bundle = async (scenario: string): Promise<string> => {
    const runs = (await readdir(join(out, scenario))).filter((name) => name !== 'latest').toSorted()
    return join(out, scenario, runs.at(-1)!)
  }
  const started: Started = {
    pid: child.pid!,
    out,
    ended,
    saw: (text) =>
      new Promise((resolve, reject) => {
        const find = (printed: string): string | undefined =>
          typeof text === 'string' ? (printed.includes(text) ? text : undefined) : text.exec(printed)?.[0]
        const watch = (): void => {
          const found = find(stdout) ?? find(stderr)
          if (found === undefined) return
          watchers.delete(watch)
          resolve(found)
        }
        watchers.add(watch)
        watch()
        void ended.then(() => reject(new Error(`ended without ${text}:\n${stderr}`)))
      }),
    kill: (signal) => void process.kill(child.pid!, signal),
    interrupt: () => void process.kill(-child.pid!, 'SIGINT'),
    async killRole(part, signal = 'SIGKILL') {
      const role = (await processesMarked(mark)).find(({ command: line }) => line.includes(part))
      if (!role) throw new Error(`no process of the run is ${part}`)
      process.kill(role.pid, signal)
    },
    left: async () => (await processesMarked(mark)).map(({ command: line }) => line),
    bundle,
    verdict: async (scenario) => JSON.parse(await readFile(join(await bundle(scenario), 'verdict.json'), 'utf8')) as Verdict,
    async [Symbol.asyncDispose]() {
      // Also when it has ended itself: what it left behind holds its pipes, and a test that failed must not wait for them.
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // Nothing is left.
      }
      await ended
      await rm(own, { recursive: true, force: true })
    },
  }
  return started
}

const TRIES = 3

/**
 * Runs to the end and returns the run, still to be disposed of. An inconclusive verdict speaks of the machine, which others may
 * share, and is asked for again; the last one is returned as it is.
 */
export async function runUntilConclusive(args: string[], options: StartOptions = {}): Promise<Started & { readonly result: Ended }> {
  for (let tried = 1; ; tried++) {
    const run = await start(args, options)
    const result = await run.ended
    if (result.code !== 2 || tried === TRIES) return Object.assign(run, { result })
    await run[Symbol.asyncDispose]()
  }
}

/** Waits until nothing of it is left; what still is after `withinMs` is the result. */
export async function leftAfter(started: Started, withinMs: number): Promise<string[]> {
  const deadline = realClock.now() + withinMs
  for (;;) {
    const left = await started.left()
    if (left.length === 0 || realClock.now() > deadline) return left
    await realClock.sleep(100)
  }
}

async function processesMarked(mark: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      if (!environment.split('\0').includes(mark)) return []
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim()
      return [{ pid: Number(pid), command }]
    }),
  )
  return found.flat().filter(({ command }) => command !== '')
}
