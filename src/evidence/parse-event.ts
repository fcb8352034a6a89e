// One line of a journal as an event. Cheap, since a journal has millions of lines: the fields that are counted with are of the kind
// they must be, so that a broken line is named instead of becoming a wrong figure.
import type { JournalEvent } from './events.ts'
import { outcomes } from '../contract/outcome.ts'

interface Fields {
  numbers: readonly string[]
  /** Numbers that may be absent. */
  optional?: readonly string[]
  texts: readonly string[]
}

const fields: Record<JournalEvent['type'], Fields> = {
  run: { numbers: ['origin', 'seed'], texts: ['scenario', 'run'] },
  phase: { numbers: [], texts: ['phase', 'edge'] },
  request: {
    numbers: ['due', 'sent', 'index', 'status'],
    optional: ['firstByteMs', 'gapMs', 'length', 'events'],
    texts: ['id', 'route', 'outcome'],
  },
  arrival: { numbers: ['ordinal', 'attempt'], texts: ['upstream', 'request', 'route', 'method'] },
  departure: { numbers: ['ordinal', 'status', 'length'], texts: ['upstream'] },
  connection: { numbers: ['connection'], texts: ['upstream', 'edge'] },
  attempt: { numbers: ['connection'], texts: ['upstream', 'request', 'method', 'path'] },
  fault: { numbers: [], texts: ['fault', 'edge'] },
  transition: { numbers: ['sequence'], texts: ['upstream', 'from', 'to'] },
  health: { numbers: [], texts: ['role'] },
  load: { numbers: ['due', 'sent', 'ended', 'inFlight'], texts: [] },
  sockets: { numbers: ['open'], texts: ['upstream'] },
  process: { numbers: [], texts: ['role', 'edge'] },
  note: { numbers: [], texts: ['code', 'text'] },
  end: { numbers: [], texts: ['reason'] },
}

/** Undefined for anything that is no event of this version. */
export function eventFrom(line: string): JournalEvent | undefined {
  let parsed: Record<string, unknown> | null
  try {
    // Whatever it is, each field is looked at before it is used.
    parsed = JSON.parse(line) as typeof parsed
  } catch {
    return undefined
  }
  const type = parsed?.['type']
  if (!parsed || typeof type !== 'string' || !Object.hasOwn(fields, type) || !Number.isFinite(parsed['t'])) return undefined
  const { numbers, optional, texts } = fields[type as JournalEvent['type']]
  for (const name of numbers) if (!Number.isFinite(parsed[name])) return undefined
  if (optional) for (const name of optional) if (parsed[name] !== undefined && !Number.isFinite(parsed[name])) return undefined
  for (const name of texts) if (typeof parsed[name] !== 'string') return undefined
  if (type === 'request' && !Object.hasOwn(outcomes, String(parsed['outcome']))) return undefined
  return parsed as unknown as JournalEvent
}
