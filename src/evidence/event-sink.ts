// Where every event of a run goes. The journal keeps all of them; others, such as a live view, subscribe to some.
//
//   stage ── write ───▶ sink ──▶ journal
//   roles ── append ──▶   └────▶ listeners, each for the types that it names
import type { JournalEvent } from './events.ts'
import type { JournalWriter } from './journal.ts'
import { eventFrom } from './parse-event.ts'

export interface EventSink {
  write(event: JournalEvent): void
  /** Whole lines as a role sent them, each ended by a newline and beginning with its type: `{"type":"request",…`. */
  append(lines: string): void
  /** Hands every later event of these types to `listener`, in the order of the journal. The returned function ends it. */
  subscribe<Type extends JournalEvent['type']>(types: readonly Type[], listener: (event: EventOf<Type>) => void): () => void
}

export type EventOf<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>

/** A sink that writes `journal`. A line is parsed only when somebody listens for its type: a busy run has thousands a second. */
export function createEventSink(journal: Pick<JournalWriter, 'write' | 'append'>): EventSink {
  const listeners = new Map<string, Set<(event: JournalEvent) => void>>()
  const tell = (event: JournalEvent): void => {
    for (const listener of listeners.get(event.type) ?? []) listener(event)
  }
  return {
    write(event) {
      journal.write(event)
      tell(event)
    },
    append(lines) {
      journal.append(lines)
      if (listeners.size === 0) return
      for (const line of lines.split('\n')) {
        const event = listeners.has(typeOf(line)) ? eventFrom(line) : undefined
        if (event) tell(event)
      }
    },
    subscribe(types, listener) {
      // Filed under the types that it takes, and told of no other.
      const told = listener as (event: JournalEvent) => void
      for (const type of types) listeners.set(type, (listeners.get(type) ?? new Set()).add(told))
      return () => {
        for (const type of types) listeners.get(type)?.delete(told)
      }
    },
  }
}

const BEGIN = '{"type":"'

function typeOf(line: string): string {
  return line.startsWith(BEGIN) ? line.slice(BEGIN.length, line.indexOf('"', BEGIN.length)) : ''
}
