// A description may name other files. Each is read once and stands below `x-files`, so that every `$ref` points into one document.
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { parse } from 'yaml'
import { GatecrashError, type Problem, problemsError } from '../../../kernel/errors.ts'
import { everyRef, followed } from './refs.ts'

/**
 * Addresses are not fetched.
 * @throws GatecrashError `invalid_config` with all problems: a file that is not there, or is neither JSON nor YAML, a reference that leads nowhere
 */
export async function readFiles(file: string): Promise<unknown> {
  const root = resolve(file)
  const read = new Map<string, unknown>([[root, await parsed(root, file)]])
  const problems: Problem[] = []
  const keyOf = (path: string): string => relative(dirname(root), path).split(sep).join('/')
  const pointTo = (path: string): string => (path === root ? '#' : `#/x-files/${escaped(keyOf(path))}`)

  // The map grows while it is walked: files that a file names come after it.
  for (const [path, content] of read)
    for (const { holder, ref, place } of everyRef(content)) {
      const where = path === root ? place : `${keyOf(path)} ${place}`
      const [target = '', inside = ''] = ref.split('#')
      if (/^\w+:\/\//.test(target)) {
        problems.push({ path: where, message: `${ref}: addresses are not fetched; keep a copy beside the file, and point there` })
        continue
      }
      const other = target === '' ? path : resolve(dirname(path), decoded(target))
      try {
        if (!read.has(other)) read.set(other, await parsed(other, target))
        holder.$ref = pointTo(other) + inside.replace(/^\/$/, '')
      } catch (cause) {
        problems.push({ path: where, message: (cause as Error).message })
      }
    }
  const others = [...read].filter(([path]) => path !== root).map(([path, content]) => [keyOf(path), content] as const)
  const first = read.get(root)
  const isObject = typeof first === 'object' && first !== null
  const document = isObject && others.length > 0 ? { ...first, 'x-files': Object.fromEntries(others) } : first
  if (isObject) problems.push(...refsToNowhere(document as object))
  if (problems.length > 0) throw problemsError('invalid_config', file, problems.slice(0, MOST))
  return document
}

/** Problems told of one description: the first ones show what is wrong with it. */
const MOST = 20

function refsToNowhere(document: object): Problem[] {
  const lost = everyRef(document).filter(({ holder }) => followed(document, holder) === undefined)
  return lost.map(({ ref, place }) => ({ path: place, message: `${ref} leads nowhere` }))
}

/** YAML holds JSON. What its letter forbids and many readers take, such as the description of Docker, is taken. */
async function parsed(path: string, shown: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new GatecrashError('invalid_config', `${shown}: there is no such file that can be read (${cause.code})`, { cause })
  })
  try {
    return path.endsWith('.json')
      ? (JSON.parse(text) as unknown)
      : (parse(text, { strict: false, merge: true, logLevel: 'error' }) as unknown)
  } catch (cause) {
    const [why] = (cause as Error).message.split('\n')
    throw new GatecrashError('invalid_config', `${shown}: it is neither JSON nor YAML: ${why}`, { cause })
  }
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
