// Histories of gemini as a stream of three events. What the client got and what the fake sent are told one by one.
import type { DepartureEvent, RequestEvent } from '../../../src/evidence/events.ts'
import { type Answer, type Story, failing, ok } from '../../judge/history.ts'

const three = { events: 3, eventsChecksum: '00000123' }

/** A stream that goes well, with changes on either side. */
export function streamed(client: Partial<RequestEvent> = {}, ...departures: Partial<DepartureEvent>[]): Answer {
  const sent = departures.length === 0 ? [{}] : departures
  return {
    ...ok,
    attempts: sent.length,
    client: { firstByteMs: 20, firstEventMs: 30, eventGapMs: 10, ...three, ...client },
    departures: sent.map((departure) => Object.assign({ status: 200, whole: true, ...three }, departure)),
  }
}

/** What the upstream does when it breaks off after two events. */
export const cutAfterTwo = { events: 2, eventsChecksum: '00000012', whole: false, brokenOff: true } as const
export const gotTwo = { events: 2, eventsChecksum: '00000012' } as const
export const failed503: Partial<DepartureEvent> = { status: 503 }

/** Every n-th stream otherwise, and no outage. */
export function some(answer: Answer, n = 5): Story {
  let count = 0
  return { gemini: () => (count++ % n === 0 ? answer : streamed()), breaker: [], plan: { faults: [] } }
}

export const all = (answer: Answer): Story => ({ gemini: () => answer, breaker: [], plan: { faults: [] } })

/** Nothing was a stream. */
export const plain: Story = { gemini: () => ok, breaker: [], plan: { faults: [] } }

export const broken: Answer = { ...failing, latencyMs: 50 }
