// Runs a project's own code: its scenario files and their callbacks. Whatever they throw is a mistake of theirs, told with its place,
// and so is what no promise carries: a rejection that nobody awaits, a throw in a timer, a wait for what never comes, a loop without an
// end, an exit.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError, thrownText } from '../../kernel/errors.ts'
import { type Frame, watchForEndlessLoops } from './endless-loops.ts'
import { moduleFormatRemedy } from './module-format.ts'

/** Of processor time. */
const PATIENCE: Ms = 10_000
/** Of waiting: longer, since a sound file may have to wait for a processor. */
const WAIT: Ms = 30_000
/** What another thread has to say of the wait comes first. */
const LAST_WORDS: Ms = 500

class EndlessLoop extends Error {
  readonly frames: readonly Frame[]

  constructor(frames: readonly Frame[]) {
    super('it runs without an end')
    this.frames = frames
  }
}

interface Running {
  source: string
  fail: (cause: unknown) => void
}

let running: Running | undefined
const files = new Set<string>()

/**
 * Runs `code` of `file`, which is shown as `source`.
 * @throws GatecrashError `invalid_scenario` for whatever it throws, and `component_missing` as it is
 */
export async function runUserCode<Result>(file: string, source: string, code: () => Result | Promise<Result>): Promise<Result> {
  files.add(file)
  const outside = Promise.withResolvers<never>()
  const exit = process.exit.bind(process)
  // The file's own errors are told by us, and other files are still to be read.
  process.exit = (status) => {
    throw new Error(`it calls process.exit(${status ?? ''})`)
  }
  running = { source, fail: outside.reject }
  let giveUp = realClock.after(WAIT, () => {
    giveUp = realClock.after(LAST_WORDS, () => outside.reject(new Error('it awaits something that never comes, or not within 30 s')))
  })
  using _watch = watchForEndlessLoops(PATIENCE, (frames) => outside.reject(new EndlessLoop(frames)))
  const inside = async (): Promise<Result> => {
    // In a promise reaction of its own: if it is terminated, nothing of ours is.
    await Promise.resolve()
    const result = await code()
    // Rejections that nobody awaits are reported a turn later.
    await realClock.sleep(0)
    return result
  }
  try {
    return await Promise.race([inside(), outside.promise])
  } catch (cause) {
    throw mistakeOf(cause, file, source)
  } finally {
    process.exit = exit
    running = undefined
    giveUp()
  }
}

/** Whether an error that nobody caught is the running code's; its caller is told then. */
export function isUserCodes(error: unknown): boolean {
  running?.fail(error)
  return running !== undefined
}

/** The file of the project in which an error was thrown that came too late to be told in its place; undefined when it is none of theirs. */
export function lateMistake(error: unknown): GatecrashError | undefined {
  const stack = stackOf(error)
  const file = [...files].find((candidate) => stack.includes(candidate) || stack.includes(pathToFileURL(candidate).href))
  return file === undefined ? undefined : mistakeOf(error, file, near(file))
}

function mistakeOf(cause: unknown, file: string, source: string): GatecrashError {
  if (!canBeAsked(cause)) return new GatecrashError('invalid_scenario', `${source} could not be loaded: ${thrownText(cause)}`)
  if (cause instanceof GatecrashError) {
    if (cause.code === 'component_missing' || cause.message.startsWith(source)) return cause
    // A builder refused what it was given: which line gave it is in the stack.
    return new GatecrashError('invalid_scenario', `${placeOf(cause, file) ?? source}: ${cause.message}`, { cause })
  }
  const place = placeOf(cause, file) ?? source
  const why = moduleFormatRemedy(cause, place.replace(/:\d+$/, '')) ?? thrownText(cause)
  return new GatecrashError('invalid_scenario', `${place} could not be loaded: ${why}`, { cause })
}

/** `scenarios/x.ts:3`: where a file does not parse or was thrown from, or where it imports what is not there. */
function placeOf(cause: unknown, file: string): string | undefined {
  if (cause instanceof EndlessLoop) return placeIn(cause.frames, file)
  const stack = stackOf(cause)
  const [head = ''] = stack.split('\n')
  // Node begins the stack of an error of syntax with its place, which may be in a file that this one imports.
  const [, unparsed, line] = /^(?:file:\/\/)?(\/.*):(\d+)$/.exec(head) ?? []
  if (unparsed !== undefined) return `${near(unparsed)}:${line}`
  const frame = stack.split('\n').find((text) => text.includes(file) || text.includes(pathToFileURL(file).href))
  const thrownAt = /:(\d+):\d+\)?$/.exec(frame ?? '')?.[1]
  if (thrownAt !== undefined) return `${near(file)}:${thrownAt}`
  return cause instanceof SyntaxError ? unparsedAt(file) : importAt(thrownText(cause))
}

/** The file's own line; else the innermost line of any file. */
function placeIn(frames: readonly Frame[], file: string): string | undefined {
  const inFiles = frames.filter(({ url }) => url.startsWith('file:'))
  const frame = inFiles.find(({ url }) => url === pathToFileURL(file).href) ?? inFiles[0]
  return frame && `${near(fileURLToPath(frame.url))}:${frame.line}`
}

/** Of some errors of syntax, such as a name that is declared twice, Node tells the place only when it checks a file and nothing else. */
function unparsedAt(file: string): string | undefined {
  try {
    const node = (input: string, ...args: string[]) => spawnSync(process.execPath, args, { input, encoding: 'utf8', timeout: 5000 })
    // In a process of its own, because the function warns that it is new.
    const strip = 'process.stdout.write(require("module").stripTypeScriptTypes(require("fs").readFileSync(0, "utf8")))'
    const { stdout } = node(readFileSync(file, 'utf8'), '--no-warnings', '--input-type=commonjs', '-e', strip)
    const { stderr } = node(stdout, '--check', '--input-type=module', '-')
    const line = /^\[stdin\]:(\d+)$/m.exec(stderr)?.[1]
    return line === undefined ? undefined : `${near(file)}:${line}`
  } catch {
    return undefined
  }
}

function importAt(message: string): string | undefined {
  const [, missing = '', importer = ''] = /Cannot find (?:package|module) '(.+)' imported from (.+)/.exec(message) ?? []
  try {
    const path = importer.startsWith('file:') ? fileURLToPath(importer) : importer
    const name = missing.split('/').at(-1) ?? missing
    const line = readFileSync(path, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(name))
    return line < 0 ? near(path) : `${near(path)}:${line + 1}`
  } catch {
    return undefined
  }
}

/** A proxy may throw at any question. */
function canBeAsked(cause: unknown): boolean {
  try {
    return cause instanceof Error || true
  } catch {
    return false
  }
}

function stackOf(cause: unknown): string {
  try {
    return cause instanceof Error ? String(cause.stack) : ''
  } catch {
    return ''
  }
}

function near(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
