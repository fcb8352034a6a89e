// Something a reader of the report should know: a lost event stream, a gap in sequence numbers.
import type { Ms } from '../../kernel/clock.ts'
import { defineTallied, text } from './event.ts'

export interface Note {
  atMs: Ms
  code: string
  text: string
}

export const note = defineTallied({
  fields: {
    /** `events_unavailable`, `events_lost`, `events_gap`, `events_unreadable`, … */
    code: text,
    text,
  },
  evidence: 'notes',
  tally() {
    const notes: Note[] = []
    return {
      add: (event, atMs) => void notes.push({ atMs, code: event.code, text: event.text }),
      result: () => notes.toSorted((a, b) => a.atMs - b.atMs || a.code.localeCompare(b.code)),
    }
  },
})
