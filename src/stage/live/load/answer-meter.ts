// Measures an answer while it arrives, and keeps none of it but a JSON body of moderate length, to see whether it parses.
//
//   head ──first byte──▶ piece ──gap──▶ piece ──gap──▶ end
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { bodyChecksum, bodyMeter, type BodySum } from '../../../contract/body-checksum.ts'
import type { RequestEvent } from '../../../evidence/events.ts'
import type { AnswerAsk } from '../../../criteria/criterion.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { isReadable, plainBody } from './plain-body.ts'
import { type EventStreamMeter, eventStreamMeter, mediaType } from '../../../evidence/event-stream/event-stream-meter.ts'

export type AnswerMeasures = Pick<
  RequestEvent,
  | 'firstByteMs'
  | 'gapMs'
  | 'length'
  | 'checksum'
  | 'plainLength'
  | 'plainChecksum'
  | 'parses'
  | 'events'
  | 'firstEventMs'
  | 'eventGapMs'
  | 'eventsChecksum'
  | 'streamCut'
  | 'streamError'
>

/** What criteria ask of every answer. */
export type AnswerAsks = ReadonlySet<AnswerAsk>

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
    if (!jsonOf(Buffer.concat(body))) return false
    if (this.#good.size >= MAX_KNOWN_BODIES) this.#good.clear()
    this.#good.add(key)
    return true
  }
}

const nothingAsked: AnswerAsks = new Set()

export class AnswerMeter {
  readonly #sent: Ms
  readonly #known: KnownBodies
  readonly #asked: AnswerAsks
  readonly #body = bodyMeter()
  #headAt: Ms | undefined
  #lastAt: Ms = 0
  #longestGap: Ms = 0
  /** Of a JSON body, or of a coded one that is read; undefined when it is none, or too long. */
  #pieces: Uint8Array[] | undefined
  #coding: string | undefined
  #isCoded = false
  #stream: EventStreamMeter | undefined
  #text: TextDecoder | undefined
  #firstEventAt: Ms | undefined
  #lastEventAt: Ms = 0
  #longestEventGap: Ms = 0

  /** `asked`: what criteria want to know beyond what is always measured. */
  constructor(sent: Ms, known: KnownBodies, asked: AnswerAsks = nothingAsked) {
    this.#sent = sent
    this.#known = known
    this.#asked = asked
  }

  head(headers: IncomingHttpHeaders, t: Ms): void {
    this.#headAt = t
    this.#lastAt = t
    const coding = headers['content-encoding']
    // A coded body is not the text that its type speaks of.
    if (coding !== undefined) {
      this.#isCoded = true
      if (this.#asked.has('plain_bodies') && isReadable(coding)) [this.#coding, this.#pieces] = [coding, []]
      return
    }
    const type = mediaType(headers['content-type'])
    if (isJsonType(type)) this.#pieces = []
    else this.#stream = eventStreamMeter(type, this.#asked.has('event_checksums'))
    if (this.#stream) this.#text = new TextDecoder()
  }

  add(piece: Uint8Array, t: Ms): void {
    this.#gap(t)
    this.#body.add(piece)
    if (this.#stream) this.#addToStream(this.#stream, piece, t)
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
    if (this.#coding !== undefined) Object.assign(measures, this.#plain(this.#coding))
    else if (isWhole && this.#pieces && length > 0 && !this.#known.parses(this.#pieces, `${length} ${measures.checksum}`))
      measures.parses = false
    const stream = this.#stream?.end()
    if (stream) {
      measures.events = stream.events
      if (this.#firstEventAt !== undefined) {
        measures.firstEventMs = rounded(this.#firstEventAt - this.#sent)
        measures.eventGapMs = rounded(Math.max(this.#longestEventGap, t - this.#lastEventAt))
      }
      if (stream.checksum !== undefined) measures.eventsChecksum = stream.checksum
      if (stream.isCut || !isWhole) measures.streamCut = true
      if (stream.error !== undefined) measures.streamError = stream.error
    }
    return measures
  }

  #plain(coding: string): Pick<AnswerMeasures, 'plainLength' | 'plainChecksum'> {
    const plain = this.#pieces && plainBody(coding, this.#pieces)
    return plain === undefined ? {} : { plainLength: plain.length, ...(plain.length > 0 && { plainChecksum: bodyChecksum(plain) }) }
  }

  #addToStream(stream: EventStreamMeter, piece: Uint8Array, t: Ms): void {
    const before = stream.events
    stream.add(this.#text!.decode(piece, { stream: true }))
    if (stream.events === before) return
    if (this.#firstEventAt === undefined) this.#firstEventAt = t
    else this.#longestEventGap = Math.max(this.#longestEventGap, t - this.#lastEventAt)
    this.#lastEventAt = t
  }

  /** The body of an answer that has ended: its value as JSON, which is undefined where it is none. */
  json(): { value: unknown } | 'untold' {
    if (this.#body.length > MAX_PARSED_BYTES) return 'untold'
    const plain = this.#pieces && (this.#coding === undefined ? Buffer.concat(this.#pieces) : plainBody(this.#coding, this.#pieces))
    if (plain === undefined) return this.#isCoded ? 'untold' : { value: undefined }
    return { value: jsonOf(plain)?.value }
  }

  #gap(t: Ms): void {
    if (t - this.#lastAt > this.#longestGap) this.#longestGap = t - this.#lastAt
    this.#lastAt = t
  }
}

/** What a meter would say of an answer that is no stream of events, came at once at `t`, and whose body is known to be as its head says. */
export function measuresAtOnce(sent: Ms, t: Ms, { length, checksum }: BodySum): AnswerMeasures {
  return { firstByteMs: rounded(t - sent), length, ...(checksum !== undefined && { checksum }) }
}

const isJsonType = (type: string): boolean => type === 'application/json' || type === 'text/json' || type.endsWith('+json')

/** RFC 8259: JSON is UTF-8; a byte order mark may be ignored. Undefined where it is none. */
function jsonOf(body: Buffer): { value: unknown } | undefined {
  if (!isUtf8(body)) return undefined
  try {
    return { value: JSON.parse(body.toString('utf8').replace(/^\uFEFF/, '')) as unknown }
  } catch {
    return undefined
  }
}

/** To the microsecond. */
export const rounded = (ms: Ms): Ms => Math.round(ms * 1000) / 1000
