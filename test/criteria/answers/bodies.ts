// Histories of bodies: what gemini sent for each request, and what its client got.
import type { DepartureEvent, RequestEvent } from '../../../src/evidence/events.ts'
import { type Answer, type Story, ok } from '../../judge/history.ts'

export const hex = (value: number): string => value.toString(16).padStart(8, '0')

/** A body of its own for each request, the same on both sides but for what is changed. */
export const answer = (index: number, client: Partial<RequestEvent> = {}, departure: Partial<DepartureEvent> = {}): Answer => ({
  ...ok,
  client: { length: 300, checksum: hex(index), ...client },
  departures: [{ length: 300, checksum: hex(index), ...departure }],
})

export const story = (some: (index: number) => Answer, n = 10): Story => ({
  gemini: (_, index) => (index % n === 0 ? some(index) : answer(index)),
  breaker: [],
  plan: { faults: [] },
})
