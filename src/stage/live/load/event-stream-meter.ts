// What a stream of events in an answer holds: how many events, whether the last one is whole, and an error told inside the stream.
// Two forms: server-sent events, and one JSON value a line (NDJSON).
import { createParser } from 'eventsource-parser'
import { errorText } from './error-text.ts'

export interface EventStream {
  /** Whole events. */
  events: number
  /** The stream ends in the middle of an event. */
  isCut: boolean
  /** What the stream says went wrong. */
  error?: string
}

export interface EventStreamMeter {
  add(text: string): void
  /** Undefined when an event was too long to be followed. */
  end(): EventStream | undefined
}

/** An event longer than this is not followed: what a gateway sends is bounded only by us. In characters. */
const MAX_EVENT = 1024 * 1024

/** WHATWG HTML §9.2: an event ends with an empty line; a client discards an event that is not ended. */
export function serverSentEventsMeter(): EventStreamMeter {
  const stream: EventStream = { events: 0, isCut: false }
  let isTooLong = false
  const parser = createParser({
    maxBufferSize: MAX_EVENT,
    onEvent({ event, data }) {
      stream.events++
      note(stream, event === 'error' ? (errorIn(data) ?? (errorText(data) || 'error')) : errorIn(data))
    },
    onError: ({ type }) => void (isTooLong ||= type === 'max-buffer-size-exceeded'),
  })
  return {
    add(text) {
      if (!isTooLong) parser.feed(text)
    },
    end() {
      if (isTooLong) return undefined
      const { events, error } = stream
      // An empty line completes what was begun, if anything was.
      parser.feed('\n\n')
      return { events, isCut: stream.events > events, ...(error !== undefined && { error }) }
    },
  }
}

/** One JSON value a line. The last line may lack its newline, if it is whole. */
export function jsonLinesMeter(): EventStreamMeter {
  const stream: EventStream = { events: 0, isCut: false }
  let rest: string | undefined = ''
  const take = (line: string): void => {
    if (line.trim() === '') return
    stream.events++
    note(stream, errorIn(line))
  }
  return {
    add(text) {
      if (rest === undefined) return
      const lines: string[] = (rest + text).split('\n')
      rest = lines.pop()!
      for (const line of lines) take(line)
      if (rest.length > MAX_EVENT) rest = undefined
    },
    end() {
      if (rest === undefined) return undefined
      if (rest.trim() === '') return stream
      if (parsed(rest) === undefined) return { ...stream, isCut: true }
      take(rest)
      return stream
    },
  }
}

function note(stream: EventStream, error: string | undefined): void {
  if (error !== undefined) stream.error ??= error
}

/** The text of a top-level `error` of a JSON object, if there is one. Other texts are not parsed at all. */
function errorIn(data: string): string | undefined {
  if (!data.trimStart().startsWith('{') || !data.includes('"error"')) return undefined
  const told = (parsed(data) as { error?: unknown } | undefined)?.error
  if (told === undefined || told === null || told === false || told === '') return undefined
  if (typeof told === 'string') return errorText(told)
  // Whatever it is, a name in it that is no text is passed over.
  const { message, code, type } = told as Record<string, unknown>
  return errorText([code, type, message].find((text): text is string => typeof text === 'string') ?? 'error')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
