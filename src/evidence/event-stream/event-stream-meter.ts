// What a stream of events in an answer holds: how many events, whether the last one is whole, and an error told inside the stream.
// Two forms: server-sent events, and one JSON value a line (NDJSON). Both ends of the gateway measure streams in this way.
import { createParser } from 'eventsource-parser'
import { crc32 } from 'node:zlib'
import { errorText } from './error-text.ts'

export interface EventStream {
  /** Whole events. */
  events: number
  /** The stream ends in the middle of an event. */
  isCut: boolean
  /** What the stream says went wrong. */
  error?: string
  /** Of the whole events, in order: equal for equal events, however their JSON is written. Where it was asked for, and there are any. */
  checksum?: string
}

export interface EventStreamMeter {
  add(text: string): void
  /** Whole events so far. */
  readonly events: number
  /** Undefined when an event was too long to be followed. */
  end(): EventStream | undefined
}

/** An event longer than this is not followed: what a gateway sends is bounded only by us. In characters. */
const MAX_EVENT = 1024 * 1024

/** WHATWG HTML §9.2: an event ends with an empty line; a client discards an event that is not ended. */
export function serverSentEventsMeter(checksums = false): EventStreamMeter {
  const stream: EventStream = { events: 0, isCut: false }
  const sum = checksums ? new EventSum() : undefined
  let isTooLong = false
  let isOver = false
  const parser = createParser({
    maxBufferSize: MAX_EVENT,
    onEvent({ event, data }) {
      stream.events++
      if (!isOver) sum?.add(`${event ?? 'message'}\n`, data)
      note(stream, event === 'error' ? (errorIn(data) ?? (errorText(data) || 'error')) : errorIn(data))
    },
    onError: ({ type }) => void (isTooLong ||= type === 'max-buffer-size-exceeded'),
  })
  return {
    add(text) {
      if (!isTooLong) parser.feed(text)
    },
    get events() {
      return stream.events
    },
    end() {
      if (isTooLong) return undefined
      const { events, error } = stream
      // An empty line completes what was begun, if anything was.
      isOver = true
      parser.feed('\n\n')
      return { events, isCut: stream.events > events, ...(error !== undefined && { error }), ...sum?.told() }
    },
  }
}

/** One JSON value a line. The last line may lack its newline, if it is whole. */
export function jsonLinesMeter(checksums = false): EventStreamMeter {
  const stream: EventStream = { events: 0, isCut: false }
  const sum = checksums ? new EventSum() : undefined
  let rest: string | undefined = ''
  const take = (line: string): void => {
    if (line.trim() === '') return
    stream.events++
    sum?.add('', line)
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
    get events() {
      return stream.events
    },
    end() {
      if (rest === undefined) return undefined
      const isCut = rest.trim() !== '' && parsed(rest) === undefined
      if (!isCut) take(rest)
      return { ...stream, isCut, ...sum?.told() }
    },
  }
}

/** A meter of what a media type says is a stream of events; undefined for any other. */
export function eventStreamMeter(type: string, checksums = false): EventStreamMeter | undefined {
  if (type === 'text/event-stream') return serverSentEventsMeter(checksums)
  return jsonLinesTypes.has(type) ? jsonLinesMeter(checksums) : undefined
}

const jsonLinesTypes: ReadonlySet<string> = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])

/** The media type of a `content-type`, without parameters, in lower case. */
export function mediaType(header: string | undefined): string {
  if (header === undefined) return ''
  const end = header.indexOf(';')
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** A checksum over events: a gateway may write their JSON anew, and may not change what it says. */
class EventSum {
  #sum = 0
  #any = false

  add(name: string, data: string): void {
    this.#any = true
    this.#sum = crc32(`${name}${canonical(data)}\0`, this.#sum)
  }

  told(): { checksum?: string } {
    return this.#any ? { checksum: this.#sum.toString(16).padStart(8, '0') } : {}
  }
}

/** JSON with its names in order and no spaces; any other text as it is, and JSON that is nested too deeply to be written. */
function canonical(data: string): string {
  const value = /^\s*[[{]/.test(data) ? parsed(data) : undefined
  if (value === undefined) return data.trim()
  try {
    return JSON.stringify(value, inOrder)
  } catch {
    return data.trim()
  }
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
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
