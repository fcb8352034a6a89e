// One line of a journal as an event: each field is of the kind that the table of events says, so that a broken line is named
// instead of becoming a wrong figure. Cheap, since a journal has millions of lines.
import type { Field } from './events/event.ts'
import { type EventKind, type JournalEvent, events } from './events.ts'

interface Shape {
  fields: ReadonlyMap<string, Field<unknown>>
  /** How many fields are never absent. */
  required: number
}

const shapes = new Map<string, Shape>(
  (Object.keys(events) as EventKind[]).map((kind) => {
    const fields = new Map<string, Field<unknown>>(Object.entries(events[kind].fields))
    return [kind, { fields, required: [...fields.values()].filter(({ optional }) => !optional).length }]
  }),
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
  const shape = shapes.get(parsed['type'] as string)
  return shape && hasShape(parsed, shape) ? (parsed as unknown as JournalEvent) : undefined
}

/** Looks at the fields that are there: most kinds have many that are rarely given. Fields that nobody knows are let be. */
function hasShape(parsed: Record<string, unknown>, { fields, required }: Shape): boolean {
  let missing = required
  for (const name in parsed) {
    const field = fields.get(name)
    if (field === undefined) continue
    if (!field.accepts(parsed[name])) return false
    if (!field.optional) missing--
  }
  return missing === 0
}
