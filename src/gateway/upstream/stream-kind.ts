// Which answers are streams: they may last for hours, and each piece of them is of use when it arrives.
import type { IncomingHttpHeaders } from 'node:http'

const STREAMS = [
  'text/event-stream',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/stream+json',
  'application/x-json-stream',
  'application/json-seq',
  'multipart/x-mixed-replace',
]

const STREAM = new RegExp(String.raw`^\s*(?:${STREAMS.map((type) => type.replace('+', '[+]')).join('|')})\s*(?:;|$)`, 'i')
const UNBUFFERED = /^\s*no\s*$/i

/** By its media type, in any letter case and with any parameters, or because nobody on the way shall hold it back. */
export function saysStream(headers: Readonly<IncomingHttpHeaders>): boolean {
  const { 'content-type': type, 'x-accel-buffering': buffering } = headers
  // A header that came twice is a list, whatever its type says: the test reads it as text.
  return (type !== undefined && isStreamType(type)) || (buffering !== undefined && UNBUFFERED.test(String(buffering)))
}

// Most answers of a service have one type.
let last = { type: '', isStream: false }

function isStreamType(type: string): boolean {
  if (type !== last.type) last = { type, isStream: STREAM.test(type) }
  return last.isStream
}
