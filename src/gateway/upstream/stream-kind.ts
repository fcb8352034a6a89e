// Which answers are streams: they may last for hours, and each piece of them is of use when it arrives.
import type { IncomingHttpHeaders } from 'node:http'

const STREAMS: ReadonlySet<string> = new Set([
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
])

/** By its media type, in any letter case and with any parameters, or because nobody on the way shall hold it back. */
export function saysStream(headers: Readonly<IncomingHttpHeaders>): boolean {
  const buffering = headers['x-accel-buffering']
  // A template: a header that came twice is a list, whatever its type says.
  return (
    STREAMS.has(`${headers['content-type']}`.split(';', 1)[0]!.trim().toLowerCase()) ||
    (buffering !== undefined && String(buffering).trim().toLowerCase() === 'no')
  )
}
