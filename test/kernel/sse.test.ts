import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'
import { EventStream, type EventStreamOptions } from '../../src/kernel/sse.ts'

/** A reader that keeps what it is sent, in blocks without the blank line between them; one that `hangs` takes nothing. */
function reader({ hangs = false } = {}): { writable: Writable; blocks: () => string[] } {
  let text = ''
  const writable = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      if (!hangs) done()
    },
  })
  return { writable, blocks: () => text.split('\n\n').slice(0, -1) }
}

function streamOf(count: number, options: Partial<EventStreamOptions> = {}): EventStream {
  const stream = new EventStream({ clock: virtualClock(), kept: 100, ...options })
  for (let at = 1; at <= count; at++) stream.send('step', (id) => ({ id, at }))
  return stream
}

function replayed(stream: EventStream, seen?: number): string[] {
  const { writable, blocks } = reader()
  stream.join(writable, seen)
  return blocks().slice(1)
}

it('numbers events from 1, names them, and tells a reader how soon to come back', () => {
  const stream = streamOf(0)
  const { writable, blocks } = reader()
  stream.join(writable)
  stream.send('step', (id) => ({ id }))
  stream.send(undefined, () => ({ plain: true }))
  expect(blocks()).toEqual(['retry: 250', 'id: 1\nevent: step\ndata: {"id":1}', 'id: 2\ndata: {"plain":true}'])
})

it('replays events after the last one seen', () => {
  expect(replayed(streamOf(5), 3)).toEqual(['id: 4\nevent: step\ndata: {"id":4,"at":4}', 'id: 5\nevent: step\ndata: {"id":5,"at":5}'])
})

it('replays everything from 0, nothing to a reader that has seen all, and nothing to one that does not ask', () => {
  expect(replayed(streamOf(3), 0)).toHaveLength(3)
  expect(replayed(streamOf(3), 3)).toEqual([])
  expect(replayed(streamOf(0), 0)).toEqual([])
  expect(replayed(streamOf(3))).toEqual([])
})

it('names the ids that are no longer kept', () => {
  const [gap, ...events] = replayed(streamOf(10, { kept: 4 }), 2)
  expect(gap).toBe('event: gap\ndata: {"from":3,"to":6}')
  expect(events.map((event) => event.split('\n')[0])).toEqual(['id: 7', 'id: 8', 'id: 9', 'id: 10'])
})

it('tells a reader that has seen more than there is that the count began anew', () => {
  const [gap, ...events] = replayed(streamOf(2), 50)
  expect(gap).toBe('event: gap\ndata: {"from":51,"to":2}')
  expect(events).toHaveLength(2)
})

it('makes no data when nothing is kept and nobody reads, and counts all the same', () => {
  const stream = streamOf(0, { kept: 0 })
  stream.send('step', () => {
    throw new Error('not asked for')
  })
  const { writable, blocks } = reader()
  stream.join(writable)
  stream.send('step', (id) => ({ id }))
  expect(blocks()[1]).toContain('id: 2')
})

it('forgets a reader that has gone', async () => {
  const stream = streamOf(0)
  const { writable, blocks } = reader()
  stream.join(writable)
  writable.destroy()
  await new Promise<void>((resolve) => void writable.once('close', resolve))
  stream.send('step', () => ({}))
  expect(blocks()).toEqual(['retry: 250'])
})

it('cuts off a reader that is a megabyte behind, and no other', () => {
  const stream = streamOf(0)
  const slow = reader({ hangs: true })
  const quick = reader()
  stream.join(slow.writable)
  stream.join(quick.writable)
  for (let sent = 0; sent < 3; sent++) stream.send('step', () => ({ text: 'x'.repeat(500_000) }))
  expect([slow.writable.destroyed, quick.writable.destroyed]).toEqual([true, false])
  expect(quick.blocks()).toHaveLength(4)
})

it('replays all that is kept, however much, to a reader that takes its time, and still cuts it off when it stays behind', () => {
  const stream = new EventStream({ clock: virtualClock(), kept: 100 })
  const send = (): void => stream.send('step', () => ({ text: 'x'.repeat(100_000) }))
  for (let at = 0; at < 30; at++) send()
  const { writable } = reader({ hangs: true })
  stream.join(writable, 0)
  for (let at = 0; at < 9; at++) send()
  expect(writable.destroyed).toBe(false)
  for (let at = 0; at < 3; at++) send()
  expect(writable.destroyed).toBe(true)
})

it('says now and then that it is alive, while somebody reads', () => {
  const clock = virtualClock()
  const stream = streamOf(0, { clock, heartbeat: 30 })
  expect(clock.pending).toBe(0)
  const { writable, blocks } = reader()
  stream.join(writable)
  clock.advance(70)
  expect(blocks()).toEqual(['retry: 250', ': heartbeat 30', ': heartbeat 60'])
})

it('ends every stream when it is closed, and leaves no timer', () => {
  const clock = virtualClock()
  const stream = streamOf(0, { clock, heartbeat: 30 })
  const { writable } = reader()
  stream.join(writable)
  stream.close()
  expect([writable.writableEnded, clock.pending]).toEqual([true, 0])
})
