// The journal on disk: one JSON event a line, written as it happens, readable after any kind of death.
import { createReadStream, mkdirSync, openSync, closeSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { GatecrashError } from '../kernel/errors.ts'
import { regularFile } from '../kernel/regular-file.ts'
import type { JournalEvent } from './events.ts'
import { eventFrom } from './parse-event.ts'

export interface JournalWriter {
  write(event: JournalEvent): void
  /** Whole lines as a role sent them, each ended by a newline. */
  append(lines: string): void
  close(): void
}

/**
 * Creates the file (and its folder), or empties it. Writes are synchronous: what `write` and `append` were given is with the
 * operating system when they return, and survives a kill -9 of this process.
 */
export function openJournal(path: string): JournalWriter {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  let open = true
  const append = (lines: string): void => {
    // writeSync may take less than it is given when the disk is nearly full or a signal arrives.
    for (let rest = Buffer.from(lines); rest.length > 0;) rest = rest.subarray(writeSync(file, rest))
  }
  return {
    write: (event) => append(`${JSON.stringify(event)}\n`),
    append,
    close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

/** Characters of a line: what is longer is no event, and is not read to its end. */
const LONGEST_LINE = 1 << 20

/**
 * Hands over the events of a journal, in their order. A last line without its newline was being written when the writer died, and
 * is left out.
 * @throws GatecrashError `invalid_bundle` when the file cannot be read, or a line in it is not an event
 */
export async function readJournal(path: string, take: (event: JournalEvent) => void): Promise<void> {
  let line = 0
  let rest = ''
  try {
    for await (const chunk of createReadStream(await regularFile(path), { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop()!
      for (const text of lines) take(parseEvent(text, path, ++line))
      if (rest.length > LONGEST_LINE) parseEvent(rest, path, line + 1)
    }
  } catch (cause) {
    if (cause instanceof GatecrashError) throw cause
    throw new GatecrashError('invalid_bundle', `${path}: the journal cannot be read (${(cause as Error).message})`, { cause })
  }
}

function parseEvent(text: string, path: string, line: number): JournalEvent {
  const event = text.length > LONGEST_LINE ? undefined : eventFrom(text)
  if (event) return event
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
  throw new GatecrashError('invalid_bundle', `${path}:${line}: not a journal event: ${shown}; restore the file, or run again`, {
    data: { path, line },
  })
}
