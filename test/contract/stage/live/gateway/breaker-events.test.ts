// The stream of breaker events of gateways that are not ours: what is lost or cannot be read must be on record.
import { type ServerResponse, createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { JournalEvent } from '../../../../../src/evidence/events.ts'
import { eventFrom } from '../../../../../src/evidence/parse-event.ts'
import { realClock } from '../../../../../src/kernel/clock.ts'
import { listen } from '../../../../../src/kernel/server.ts'
import { followBreakerEvents } from '../../../../../src/stage/live/gateway/breaker-events.ts'
import { until } from '../../../upstreams/until.ts'

const streamHead = { 'content-type': 'text/event-stream' }

/** Observes a gateway that answers so, until `enough`; returns what was written. */
async function observed(
  answer: (response: ServerResponse, count: number) => void,
  enough: (lines: JournalEvent[]) => boolean,
  fresh = true,
) {
  const lines: JournalEvent[] = []
  let count = 0
  await using server = await listen(createServer((_request, response) => answer(response, count++)))
  const { signal } = new AbortController()
  await using _observer = await followBreakerEvents({
    url: server.url,
    fresh,
    write: (line) => lines.push(line),
    signal,
  })
  await until('the lines', () => enough(lines) || undefined)
  return lines
}

const codes = (lines: JournalEvent[]): string[] => lines.map((line) => (line.type === 'note' ? line.code : line.type))
const told = (fields: Record<string, unknown>): string =>
  `data: ${JSON.stringify({ sequence: 1, t: realClock.now(), upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', ...fields })}\n\n`
const stream =
  (...events: string[]) =>
  (response: ServerResponse): void => {
    response.writeHead(200, streamHead)
    for (const event of events) response.write(event)
  }
const some =
  (count: number) =>
  (lines: JournalEvent[]): boolean =>
    lines.length >= count

it.each([
  ['never answers', () => {}],
  [
    'answers with an endless page',
    (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).write('<html>'),
  ],
  ['has no such path', (response: ServerResponse) => void response.writeHead(404).end()],
])('does without the events of a gateway that %s', async (_what, answer) => {
  expect(codes(await observed(answer, some(1)))).toEqual(['events_unavailable'])
})

it('gives up a gateway that never answers when the run is stopped', async () => {
  await using server = await listen(createServer(() => {}))
  const stopping = new AbortController()
  const observing = followBreakerEvents({ url: server.url, fresh: true, write: () => {}, signal: stopping.signal })
  stopping.abort()
  expect((await observing).available).toBe(false)
})

it('reads states in any spelling', async () => {
  const lines = await observed(stream(told({ from: 'CLOSED', to: 'OPEN' }), told({ sequence: 2, from: 'Open', to: 'half-open' })), some(2))
  expect(lines).toMatchObject([
    { from: 'closed', to: 'open' },
    { from: 'open', to: 'half_open' },
  ])
})

it.each([
  ['a state that is none', told({ to: 'tripped' }), 'from and to must be closed, open or half_open'],
  ['half an event', 'data: {"sequence": 1, "fr\n\n', 'not JSON'],
  ['wall-clock time', told({ t: Date.UTC(2026, 0) }), 'monotonic clock'],
  ['no number', told({ sequence: undefined }), 'sequence must be a whole number'],
])('notes a breaker event that cannot be read: %s', async (_what, event, why) => {
  const lines = await observed(stream(event), some(1))
  expect(lines).toMatchObject([{ type: 'note', code: 'events_unreadable', text: expect.stringContaining(why) }])
})

it('passes over what is no breaker event', async () => {
  const lines = await observed(stream('data: connected\n\n', ': ping\n\n', 'data: {"uptime":3}\n\n', told({})), some(1))
  expect(codes(lines)).toEqual(['transition'])
})

it('notes events that are missing, and numbers that begin again', async () => {
  expect(codes(await observed(stream(told({}), told({ sequence: 3 })), some(3)))).toEqual(['transition', 'events_gap', 'transition'])
  expect(codes(await observed(stream(told({ sequence: 2 })), some(2)))).toEqual(['events_gap', 'transition'])
  const again = stream(told({}), told({ sequence: 2, from: 'open', to: 'closed' }), told({}))
  expect(codes(await observed(again, some(4)))).toEqual(['transition', 'transition', 'events_gap', 'transition'])
})

it('counts an alert as one of the numbered events', async () => {
  const alert = told({ type: 'alert', from: undefined, to: undefined, sequence: 2 })
  expect(codes(await observed(stream(told({}), alert, told({ sequence: 3 })), some(2)))).toEqual(['transition', 'transition'])
})

it('tells of alerts with their beginning and end, and of none that is not as agreed', async () => {
  const alert = (changes: Record<string, unknown>): string =>
    told({ type: 'alert', from: undefined, to: undefined, upstream: undefined, rule: 'breaker_open', severity: 'critical', ...changes })
  const lines = await observed(
    stream(
      alert({ sequence: 1, edge: 'start', subject: 'gemini' }),
      alert({ sequence: 2, edge: 'end', subject: 'gemini' }),
      alert({ sequence: 3, edge: 'start', severity: 'dire' }),
      alert({ sequence: 4, edge: 'start', rule: 'x'.repeat(200) }),
    ),
    some(3),
  )
  expect(lines.map((line) => (line.type === 'alert' ? [line.edge, line.rule.length, line.subject] : line.type))).toEqual([
    ['start', 12, 'gemini'],
    ['end', 12, 'gemini'],
    ['start', 100, ''],
  ])
})

it('begins anew with a gateway that the stage took down and started again: its breakers are closed, and no loss is noted', async () => {
  const lines: JournalEvent[] = []
  let isDown = false
  const asked: unknown[] = []
  await using server = await listen(
    createServer((request, response) => {
      if (isDown) {
        response.destroy()
        return
      }
      asked.push(request.headers['last-event-id'])
      response.writeHead(200, streamHead).write(told({ to: asked.length === 1 ? 'open' : 'half_open' }))
      if (asked.length > 1) return
      realClock.after(50, () => {
        isDown = true
        response.destroy()
      })
    }),
  )
  const { signal } = new AbortController()
  await using events = await followBreakerEvents({
    url: server.url,
    fresh: true,
    write: (line) => lines.push(line),
    isDown: () => isDown,
    signal,
  })
  await until('the end of the first stream', () => isDown || undefined)
  await realClock.sleep(250)
  events.restarted()
  isDown = false
  await until('the second stream', () => lines.length >= 3 || undefined)
  expect(lines).toMatchObject([
    { type: 'transition', to: 'open' },
    { type: 'transition', upstream: 'gemini', from: 'open', to: 'closed', cause: 'restarted' },
    { type: 'transition', to: 'half_open' },
  ])
  expect(asked).toEqual(['0', '0'])
})

it('misses nothing of a gateway that ran before, whatever number it begins with', async () => {
  expect(codes(await observed(stream(told({ sequence: 500 })), some(1), false))).toEqual(['transition'])
})

it('hears an event once that is told again on every connection', async () => {
  const once = told({})
  const lines = await observed((response, count) => {
    if (count < 2) response.writeHead(200, streamHead).end(once)
    else response.writeHead(200, streamHead).write(once + told({ sequence: 2, from: 'open', to: 'half_open' }))
  }, some(2))
  expect(codes(lines)).toEqual(['transition', 'transition'])
})

it('notes a stream that ends and does not come back', async () => {
  const lines = await observed((response, count) => {
    if (count === 0) response.writeHead(200, streamHead).end(told({}))
    else response.writeHead(404, { 'content-type': 'text/html' }).end('gone')
  }, some(2))
  expect(lines[1]).toMatchObject({ code: 'events_lost', text: expect.stringContaining('answered 404 text/html') })
})

describe('a gateway that means harm', () => {
  const line = (fields: Record<string, unknown>): string => told({ sequence: 1, ...fields })
  const hostile: [what: string, answer: (response: ServerResponse) => void][] = [
    [
      'numbers that no number holds',
      stream(line({ sequence: -1 }), line({ sequence: 1e21 }), line({}).replace('"cause"', '"failures":1e999,"threshold":-1e999,"cause"')),
    ],
    ['names without an end', stream(line({ upstream: 'x'.repeat(30_000) }), line({ cause: 'y'.repeat(30_000) }))],
    ['what is no text', stream(line({ upstream: { toString: 1 } }), line({ cause: ['a'], t: '12' }), 'data: null\n\n', 'data: [1]\n\n')],
    ['names of object literals', stream(line({ upstream: '__proto__' }), line({ sequence: 2, upstream: 'constructor', from: 'toString' }))],
  ]
  it.each(hostile)('writes no line that a journal cannot hold: %s', async (_what, answer) => {
    const lines = await observed(answer, some(1))
    expect(lines.length).toBeGreaterThan(0)
    for (const each of lines) {
      const text = JSON.stringify(each)
      expect(eventFrom(text), text).toBeDefined()
      expect(text.length).toBeLessThan(1000)
    }
  })

  it.each([
    ['a line without an end', 'x'.repeat(64 * 1024)],
    ['a flood of events', `data: {"sequence":1}\n\n`.repeat(3000)],
  ])('gives %s up, says so, and stays stoppable', async (_what, piece) => {
    let sent = 0
    const pour = (response: ServerResponse): void => {
      response.writeHead(200, streamHead)
      const more = (): void => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
        response.once('drain', more)
      }
      more()
    }
    const began = realClock.now()
    const lines = await observed(pour, (seen) => codes(seen).includes('events_unreadable'))
    expect(lines.at(-1)).toMatchObject({ code: 'events_unreadable', text: expect.stringContaining('was given up') })
    expect(sent).toBeLessThan(64 * 2 ** 20)
    expect(realClock.now() - began).toBeLessThan(20_000)
  })
})
