import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bodyChecksum, bodySum } from '../../../../src/contract/body-checksum.ts'
import type { AnswerAsk } from '../../../../src/criteria/criterion.ts'
import type { Ms } from '../../../../src/kernel/clock.ts'
import { AnswerMeter, KnownBodies, measuresAtOnce } from '../../../../src/stage/live/load/answer-meter.ts'

type Piece = [t: Ms, piece: string | Uint8Array]

function measured(
  headers: Record<string, string>,
  pieces: Piece[],
  { end = 100, isWhole = true, known = new KnownBodies(), asked = new Set<AnswerAsk>() } = {},
) {
  const meter = new AnswerMeter(10, known, asked)
  meter.head(headers, 30)
  for (const [t, piece] of pieces) meter.add(Buffer.from(piece), t)
  return meter.end(end, isWhole)
}

const json = { 'content-type': 'application/json; charset=utf-8' }

it('measures the time of the first byte, the longest gap, the length and the checksum', () => {
  expect(
    measured(
      {},
      [
        [35, 'abc'],
        [80, 'de'],
      ],
      { end: 82 },
    ),
  ).toEqual({ firstByteMs: 20, gapMs: 45, length: 5, checksum: bodyChecksum('abcde') })
})

it('counts the wait for the end as a gap, and says nothing of gaps below 1 ms', () => {
  expect(measured({}, [[31, 'abc']], { end: 90 })).toMatchObject({ gapMs: 59 })
  expect(measured({}, [[30.5, 'abc']], { end: 31 })).not.toHaveProperty('gapMs')
})

it('has nothing to say when no head arrived', () => {
  expect(new AnswerMeter(10, new KnownBodies()).end(20, false)).toEqual({})
})

it('measures as much of an answer as arrived', () => {
  expect(measured(json, [[35, '{"a":']], { isWhole: false })).toEqual({
    firstByteMs: 20,
    gapMs: 65,
    length: 5,
    checksum: bodyChecksum('{"a":'),
  })
})

it.each([
  ['JSON in pieces', json, ['{"a":', '1}'], true],
  ['JSON with a byte order mark', json, ['\uFEFF{}'], true],
  ['a kind of JSON', { 'content-type': 'application/problem+json' }, ['{"a"'], false],
  ['JSON that ends early', json, ['{"a":1'], false],
  ['JSON that is not UTF-8', json, [Uint8Array.of(0x22, 0xff, 0x22)], false],
  ['text, which may be anything', { 'content-type': 'text/plain' }, ['{"a"'], true],
  ['nothing at all', json, [], true],
  ['a coded body', { ...json, 'content-encoding': 'br' }, ['\u0001'], true],
  ['JSON above 1 MiB', json, ['{"a":', 'x'.repeat(1024 * 1024)], true],
] satisfies [string, Record<string, string>, (string | Uint8Array)[], boolean][])(
  'tells whether a body parses: %s',
  (_what, headers, pieces, parses) => {
    const { parses: told } = measured(
      headers,
      pieces.map((piece): Piece => [40, piece]),
    )
    expect(told).toBe(parses ? undefined : false)
  },
)

it('tells a damaged body from one of the same length that parsed before', () => {
  const known = new KnownBodies()
  expect(measured(json, [[40, '{"a":1}']], { known }).parses).toBeUndefined()
  expect(measured(json, [[40, '{"a":1}']], { known }).parses).toBeUndefined()
  expect(measured(json, [[40, '{"a":1"']], { known }).parses).toBe(false)
})

it('counts the events of a stream, and takes a broken connection for a cut', () => {
  const stream = { 'content-type': 'text/event-stream' }
  const events: Piece[] = [
    [40, 'data: ä'.slice(0, 6)],
    [50, Buffer.from('ä')],
    [60, '\n\n'],
  ]
  expect(measured(stream, events)).toMatchObject({ events: 1 })
  expect(measured(stream, events)).not.toHaveProperty('streamCut')
  expect(measured(stream, events, { isWhole: false })).toMatchObject({ events: 1, streamCut: true })
  expect(measured({ 'content-type': 'application/x-ndjson' }, [[40, '{}\n{"error":"x"}\n']])).toMatchObject({ events: 2, streamError: 'x' })
})

it('tells when events came: the first, and the longest time without one, to the end', () => {
  const stream = { 'content-type': 'text/event-stream' }
  const event = 'data: a\n\n'
  expect(
    measured(stream, [
      [40, ': hello\n\n'],
      [50, event],
      [60, ': still here\n\n'],
      [75, event],
    ]),
  ).toMatchObject({ firstByteMs: 20, firstEventMs: 40, eventGapMs: 25, gapMs: 25, events: 2 })
  expect(measured(stream, [[50, event]], { end: 52 })).toMatchObject({ firstEventMs: 40, eventGapMs: 2 })
  expect(measured(stream, [[50, 'data: a']])).not.toHaveProperty('firstEventMs')
})

it('looks at events closely only where a criterion asks for it', () => {
  const stream = { 'content-type': 'text/event-stream' }
  expect(measured(stream, [[50, 'data: a\n\n']])).not.toHaveProperty('eventsChecksum')
  expect(measured(stream, [[50, 'data: a\n\n']], { asked: new Set(['event_checksums']) })).toHaveProperty('eventsChecksum')
})

it('reads a compressed body where a criterion asks for it, within bounds', () => {
  const coded = { ...json, 'content-encoding': 'gzip' }
  const body = gzipSync('{"a":1}')
  const plain = { plainLength: 7, plainChecksum: bodyChecksum('{"a":1}') }
  const asked = new Set<AnswerAsk>(['plain_bodies'])
  expect(measured(coded, [[40, body]], { asked })).toMatchObject({ length: body.length, checksum: bodyChecksum(body), ...plain })
  expect(measured(coded, [[40, body]])).not.toHaveProperty('plainLength')
  expect(measured(coded, [[40, body.subarray(0, 9)]], { asked })).not.toHaveProperty('plainLength')
  expect(measured(coded, [[40, gzipSync(Buffer.alloc(9 * 1024 * 1024))]], { asked })).not.toHaveProperty('plainLength')
  expect(measured({ ...json, 'content-encoding': 'rot13' }, [[40, 'x']], { asked })).not.toHaveProperty('plainLength')
})

it('gives the body as JSON once it has ended, and nothing where it is none', () => {
  const bodyOf = (headers: Record<string, string>, body: string | Uint8Array, asked = new Set<AnswerAsk>()) => {
    const meter = new AnswerMeter(10, new KnownBodies(), asked)
    meter.head(headers, 30)
    meter.add(Buffer.from(body), 40)
    meter.end(50, true)
    return meter.json()
  }
  const coded = { ...json, 'content-encoding': 'gzip' }
  expect(bodyOf(json, '{"a":1}')).toEqual({ value: { a: 1 } })
  expect(bodyOf(json, '{"a"')).toEqual({ value: undefined })
  expect(bodyOf({ 'content-type': 'text/html' }, '<p>')).toEqual({ value: undefined })
  expect(bodyOf(coded, gzipSync('{"a":1}'), new Set(['plain_bodies']))).toEqual({ value: { a: 1 } })
  expect(bodyOf(coded, gzipSync('{"a":1}'))).toBe('untold')
  expect(bodyOf(json, `"${'x'.repeat(1024 * 1024)}"`)).toBe('untold')
})

it('says of an answer that came at once what a meter would', () => {
  const pieces = [Buffer.from('{"a":'), Buffer.from('1}')]
  const meter = new AnswerMeter(1000, new KnownBodies())
  meter.head({ 'content-type': 'application/json' }, 1012.3456)
  for (const piece of pieces) meter.add(piece, 1012.3456)
  expect(JSON.stringify(measuresAtOnce(1000, 1012.3456, bodySum(pieces)))).toBe(JSON.stringify(meter.end(1012.3456, true)))
})
