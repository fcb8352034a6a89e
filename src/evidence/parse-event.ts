// One line of a journal as an event: each field is of the kind that the table of events says, so that a broken line is named
// instead of becoming a wrong figure. Cheap, since a journal has millions of lines.
import { type EventKind, type JournalEvent, events } from './events.ts'

type Check = readonly [name: string, accepts: (value: unknown) => boolean]

const checks = new Map<string, readonly Check[]>(
  (Object.keys(events) as EventKind[]).map((kind) => [
    kind,
    Object.entries(events[kind].fields).map(([name, field]): Check => [name, field.accepts]),
  ]),
)

/** Undefined for anything that is no event of this version. */
export function eventFrom(line: string): JournalEvent | undefined {
  let parsed: Record<string, unknown> | null
  try {
    // Whatever it is, each field is looked at before it is used.
    parsed = JSON.parse(line) as typeof parsed
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || !Number.isFinite(parsed['t'])) return undefined
  const wanted = checks.get(parsed['type'] as string)
  if (!wanted) return undefined
  for (const [name, accepts] of wanted) if (!accepts(parsed[name])) return undefined
  return parsed as unknown as JournalEvent
}
