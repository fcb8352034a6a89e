import { expect, it } from 'vitest'
import { createEventSink } from '../../src/evidence/event-sink.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'

function sinkWithJournal() {
  let journal = ''
  const append = (lines: string): void => void (journal += lines)
  const write = (event: JournalEvent): void => append(`${JSON.stringify(event)}\n`)
  return { sink: createEventSink({ write, append }), journal: () => journal }
}

const note = (text: string): JournalEvent => ({ type: 'note', t: 1, code: 'events_gap', text })
const load = '{"type":"load","t":2,"due":1,"sent":1,"ended":0,"inFlight":1}\n'

it('keeps every event in the journal, whoever listens', () => {
  const { sink, journal } = sinkWithJournal()
  sink.write(note('a'))
  sink.append(load)
  sink.subscribe(['load'], () => {})
  sink.append(load)
  expect(journal()).toBe(`${JSON.stringify(note('a'))}\n${load}${load}`)
})

it('tells a listener of the types that it asked for, written and appended, in order', () => {
  const { sink } = sinkWithJournal()
  const told: JournalEvent[] = []
  sink.subscribe(['note', 'load'], (event) => told.push(event))
  sink.write(note('a'))
  sink.append(`${load}{"type":"sockets","t":3,"upstream":"gemini","open":1}\n${load}`)
  sink.write({ type: 'phase', t: 4, phase: 'steady', edge: 'start' })
  sink.write(note('b'))
  expect(told.map(({ type, t }) => `${type} ${t}`)).toEqual(['note 1', 'load 2', 'load 2', 'note 1'])
})

it('tells each of several listeners, until it ends its subscription', () => {
  const { sink } = sinkWithJournal()
  const told: string[] = []
  const end = sink.subscribe(['note'], () => told.push('first'))
  sink.subscribe(['note'], () => told.push('second'))
  sink.write(note('a'))
  end()
  sink.write(note('b'))
  expect(told).toEqual(['first', 'second', 'second'])
})

it('passes over a line that is no event', () => {
  const { sink } = sinkWithJournal()
  const told: JournalEvent[] = []
  sink.subscribe(['load'], (event) => told.push(event))
  sink.append('{"type":"load","t":"late"}\nload\n')
  expect(told).toEqual([])
})
