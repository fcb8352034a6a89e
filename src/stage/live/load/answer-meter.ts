// Measures an answer while it arrives, and keeps none of it but a JSON body of moderate length, to see whether it parses.
//
//   head ──first byte──▶ piece ──gap──▶ piece ──gap──▶ end
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { bodyMeter } from '../../../contract/body-checksum.ts'
import type { RequestEvent } from '../../../evidence/events.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { type EventStreamMeter, jsonLinesMeter, serverSentEventsMeter } from './event-stream-meter.ts'

export type AnswerMeasures = Pick<
  RequestEvent,
  'firstByteMs' | 'gapMs' | 'length' | 'checksum' | 'parses' | 'events' | 'streamCut' | 'streamError'
>

const MAX_PARSED_BYTES = 1024 * 1024
/** Shorter gaps say nothing of the gateway. */
const MIN_GAP: Ms = 1
/** How many bodies are remembered as good, by length and checksum. */
const MAX_KNOWN_BODIES = 1024

/** Bodies that parsed before need not be parsed again: a gateway often gives the same answer. Shared by the answers of one load. */
export class KnownBodies {
  readonly #good = new Set<string>()

  parses(body: Uint8Array[], key: string): boolean {
    if (this.#good.has(key)) return true
    if (!isJson(Buffer.concat(body))) return false
    if (this.#good.size >= MAX_KNOWN_BODIES) this.#good.clear()
    this.#good.add(key)
    return true
  }
}

export class AnswerMeter {
  readonly #sent: Ms
  readonly #known: KnownBodies
  readonly #body = bodyMeter()
  #headAt: Ms | undefined
  #lastAt: Ms = 0
  #longestGap: Ms = 0
  /** Of a JSON body; undefined when it is none, or too long. */
  #pieces: Uint8Array[] | undefined
  #stream: EventStreamMeter | undefined
  #text: TextDecoder | undefined

  constructor(sent: Ms, known: KnownBodies) {
    this.#sent = sent
    this.#known = known
  }

  head(headers: IncomingHttpHeaders, t: Ms): void {
    this.#headAt = t
    this.#lastAt = t
    // A coded body is not the text that its type speaks of.
    if (headers['content-encoding'] !== undefined) return
    const type = mediaType(headers['content-type'])
    if (isJsonType(type)) this.#pieces = []
    else if (type === 'text/event-stream') this.#stream = serverSentEventsMeter()
    else if (jsonLinesTypes.has(type)) this.#stream = jsonLinesMeter()
    if (this.#stream) this.#text = new TextDecoder()
  }

  add(piece: Uint8Array, t: Ms): void {
    this.#gap(t)
    this.#body.add(piece)
    this.#stream?.add(this.#text!.decode(piece, { stream: true }))
    if (!this.#pieces) return
    this.#pieces.push(piece)
    if (this.#body.length > MAX_PARSED_BYTES) this.#pieces = undefined
  }

  /** `isWhole`: the answer came to its end; else the connection broke, or the request was given up. */
  end(t: Ms, isWhole: boolean): AnswerMeasures {
    if (this.#headAt === undefined) return {}
    this.#gap(t)
    const { length } = this.#body
    const measures: AnswerMeasures = { firstByteMs: rounded(this.#headAt - this.#sent), length }
    if (this.#longestGap >= MIN_GAP) measures.gapMs = rounded(this.#longestGap)
    if (length > 0) measures.checksum = this.#body.checksum()
    if (isWhole && this.#pieces && length > 0 && !this.#known.parses(this.#pieces, `${length} ${measures.checksum}`))
      measures.parses = false
    const stream = this.#stream?.end()
    if (stream) {
      measures.events = stream.events
      if (stream.isCut || !isWhole) measures.streamCut = true
      if (stream.error !== undefined) measures.streamError = stream.error
    }
    return measures
  }

  #gap(t: Ms): void {
    if (t - this.#lastAt > this.#longestGap) this.#longestGap = t - this.#lastAt
    this.#lastAt = t
  }
}

const jsonLinesTypes: ReadonlySet<string> = new Set(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])
const isJsonType = (type: string): boolean => type === 'application/json' || type === 'text/json' || type.endsWith('+json')

function mediaType(header: string | undefined): string {
  if (header === undefined) return ''
  const end = header.indexOf(';')
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** RFC 8259: JSON is UTF-8; a byte order mark may be ignored. */
function isJson(body: Buffer): boolean {
  if (!isUtf8(body)) return false
  try {
    JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''))
    return true
  } catch {
    return false
  }
}

/** To the microsecond. */
const rounded = (ms: Ms): Ms => Math.round(ms * 1000) / 1000
