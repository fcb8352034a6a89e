import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonLinesMeter, serverSentEventsMeter } from '../../../../src/stage/live/load/event-stream-meter.ts'
import { propertyRuns } from '../../../property-runs.ts'

const forms = { 'server-sent events': serverSentEventsMeter, 'lines of JSON': jsonLinesMeter }

function measured(form: keyof typeof forms, ...pieces: string[]) {
  const meter = forms[form]()
  for (const piece of pieces) meter.add(piece)
  return meter.end()
}

describe('server-sent events', () => {
  const sse = (...pieces: string[]) => measured('server-sent events', ...pieces)

  it('are counted when they are whole', () => {
    expect(sse('data: a\n\ndata: b\ndata: c\n\n: ping\n\n')).toEqual({ events: 2, isCut: false })
    expect(sse('')).toEqual({ events: 0, isCut: false })
  })

  it('are cut when the last one lacks the empty line', () => {
    expect(sse('data: a\n\ndata: b\n')).toEqual({ events: 1, isCut: true })
    expect(sse('data: a\n\ndata: {"b')).toEqual({ events: 1, isCut: true })
  })

  it('are not cut by a comment that is the last line', () => {
    expect(sse('data: a\n\n: bye\n')).toEqual({ events: 1, isCut: false })
  })

  it.each([
    ['event: error\ndata: overloaded\n\n', 'overloaded'],
    ['event: error\ndata: {"error":{"code":"E7","message":"no"}}\n\n', 'E7'],
    ['data: {"error":"quota"}\n\n', 'quota'],
    ['data: {"error":{"message":"quota is used up"}}\n\n', 'quota is used up'],
    ['data: {"error":{"status":500}}\n\n', 'error'],
  ])('tell an error inside: %s', (text, error) => {
    expect(sse('data: {"text":"so far"}\n\n', text)).toMatchObject({ error })
  })

  it.each([
    ['data: {"error":null}\n\n'],
    ['data: {"text":"an \\"error\\" of speech"}\n\n'],
    ['data: "error"\n\n'],
    ['data: {"error" no json\n\n'],
  ])('tell no error by a word alone: %s', (text) => {
    expect(sse(text)).toEqual({ events: 1, isCut: false })
  })
})

describe('lines of JSON', () => {
  const lines = (...pieces: string[]) => measured('lines of JSON', ...pieces)

  it('are counted, and the last one needs no newline when it is whole', () => {
    expect(lines('{"a":1}\n\n{"b":2}\n')).toEqual({ events: 2, isCut: false })
    expect(lines('{"a":1}\n{"b":2}')).toEqual({ events: 2, isCut: false })
  })

  it('are cut when the last one does not parse', () => {
    expect(lines('{"a":1}\n{"b":')).toEqual({ events: 1, isCut: true })
  })

  it('tell an error inside', () => {
    expect(lines('{"a":1}\n{"error":{"code":503,"message":"gone"}}\n')).toEqual({ events: 2, isCut: false, error: 'gone' })
  })
})

describe.each(Object.keys(forms) as (keyof typeof forms)[])('a stream of %s', (form) => {
  const text = form === 'lines of JSON' ? '{"a":1}\n{"error":"x"}\n{"b"' : 'data: {"a":1}\r\n\r\nevent: error\ndata: x\n\ndata: b'

  it('is the same however it is cut into pieces', () => {
    const whole = measured(form, text)
    expect(whole).toEqual({ events: 2, isCut: true, error: 'x' })
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end))
        expect(measured(form, ...pieces)).toEqual(whole)
      }),
      { numRuns: propertyRuns(0.1) },
    )
  })

  it('is not followed when an event has no end', () => {
    const begun = form === 'lines of JSON' ? '"' : 'data: '
    expect(measured(form, begun, ...Array.from({ length: 20 }, () => 'x'.repeat(100_000)), '\n\n')).toBeUndefined()
  })
})
