import type { IncomingHttpHeaders } from 'node:http'
import { expect, it } from 'vitest'
import { saysStream } from '../../../src/gateway/upstream/stream-kind.ts'

it.each<[IncomingHttpHeaders, boolean]>([
  [{ 'content-type': 'text/event-stream' }, true],
  [{ 'content-type': 'TEXT/Event-Stream;charset=utf-8' }, true],
  [{ 'content-type': ' text/event-stream ' }, true],
  [{ 'content-type': 'application/x-ndjson' }, true],
  [{ 'content-type': 'application/stream+json; x=y' }, true],
  [{ 'content-type': 'Application/JSON-Seq' }, true],
  [{ 'content-type': 'application/json' }, false],
  [{ 'content-type': 'text/event-streams' }, false],
  [{ 'content-type': 'text/plain; note=text/event-stream' }, false],
  [{ 'content-type': 'constructor' }, false],
  [{}, false],
  [{ 'content-type': 'application/json', 'x-accel-buffering': 'NO' }, true],
  [{ 'content-type': 'application/json', 'x-accel-buffering': 'yes' }, false],
  // undici hands several lines of any header on as a list.
  [{ 'content-type': ['text/plain', 'text/html'] as never, 'x-accel-buffering': ['no'] }, true],
  [{ 'content-type': ['text/plain', 'text/html'] as never }, false],
])('%j: %s', (headers, stream) => {
  expect(saysStream(headers)).toBe(stream)
})
