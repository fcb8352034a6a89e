import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonLinesMeter, serverSentEventsMeter } from '../../../src/evidence/event-stream/event-stream-meter.ts'
import { propertyRuns } from '../../property-runs.ts'

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

describe('the checksum of events', () => {
  const sumOf = (text: string): string | undefined => {
    const meter = serverSentEventsMeter(true)
    meter.add(text)
    return meter.end()?.checksum
  }

  it('is the same however JSON and lines are written', () => {
    const sum = sumOf('data: {"a":1,"b":[2,{"c":3}]}\n\n')
    expect(sumOf(': hello\r\nid: 7\r\ndata: { "b": [2, {"c": 3}], "a": 1.0 }\r\n\r\n')).toBe(sum)
  })

  it.each([
    ['another value', 'data: {"a":2}\n\n'],
    ['another type', 'event: done\ndata: {"a":1}\n\n'],
    ['one more event', 'data: {"a":1}\n\ndata: {"a":1}\n\n'],
    ['another order of a list', 'data: [2,1]\n\n'],
    ['text that is no JSON', 'data: a\n\n'],
  ])('differs with %s', (_, text) => {
    expect(sumOf(text)).not.toBe(sumOf('data: {"a":1}\n\n'))
    expect(sumOf(text)).not.toBe(sumOf('data: [1,2]\n\n'))
  })

  it('leaves out an event that is not whole', () => {
    expect(sumOf('data: a\n\ndata: b')).toBe(sumOf('data: a\n\n'))
    expect(sumOf('data: b')).toBeUndefined()
    const meter = jsonLinesMeter(true)
    meter.add('{"a": 1}\n{"a"')
    expect(meter.end()).toMatchObject({ events: 1, isCut: true, checksum: expect.any(String) })
  })

  it('bears JSON that is nested without end', () => {
    expect(sumOf(`data: ${'['.repeat(200_000)}${']'.repeat(200_000)}\n\n`)).toEqual(expect.any(String))
  })
})
