// The last lines that the gateway wrote, of what it said on standard output and standard error. They are its own: cut, and without secrets.
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { regularFile } from '../../kernel/regular-file.ts'
import { withoutSecrets } from '../../plan/redact.ts'

const BYTES = 16_384
const LINES = 20
const LENGTH = 300

/** Undefined where no log is, as of a gateway that was already running; empty where it said nothing. */
export async function lastWords(folder: string): Promise<string[] | undefined> {
  const text = await endOf(join(folder, 'gateway.log'))
  if (text === undefined) return undefined
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return []
  // Secrets first: a cut one would no longer be known.
  return withoutSecrets(lines.slice(-LINES).join('\n'))
    .split('\n')
    .map((line) => (line.length > LENGTH ? `${line.slice(0, LENGTH)}…` : line))
}

/** The last 16 KiB, from the first whole line on. */
async function endOf(path: string): Promise<string | undefined> {
  try {
    await using file = await open(await regularFile(path), 'r')
    const { size } = await file.stat()
    const from = Math.max(0, size - BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, BYTES)), 0, Math.min(size, BYTES), from)
    const text = buffer.subarray(0, bytesRead).toString('utf8')
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined
    throw error
  }
}
