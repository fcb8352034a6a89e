// The journal's lines. Every role stamps its own events with the machine-wide monotonic clock, in milliseconds;
// lines of different roles may be out of order by up to a batch (about 100 ms), lines of one role never are.
//
//   {"type":"run",…}      once, when the load is about to begin
//   {"type":"request",…}  and the others of the table
//   {"type":"end",…}      the last line
import { alert } from './events/alert.ts'
import { arrival } from './events/arrival.ts'
import { attempt } from './events/attempt.ts'
import { connection } from './events/connection.ts'
import { departure } from './events/departure.ts'
import { end } from './events/end.ts'
import type { EventOf, Fields } from './events/event.ts'
import { fault } from './events/fault.ts'
import { health } from './events/health.ts'
import { load } from './events/load.ts'
import { note } from './events/note.ts'
import { operations } from './events/operations.ts'
import { phase } from './events/phase.ts'
import { process } from './events/process.ts'
import { request } from './events/request.ts'
import { run } from './events/run.ts'
import { saturation } from './events/saturation.ts'
import { sockets } from './events/sockets.ts'
import { transition } from './events/transition.ts'
import { webhooks } from './events/webhooks.ts'

/** One kind of event more is a file in events/ and a line here. */
export const events = {
  run,
  phase,
  request,
  arrival,
  departure,
  connection,
  attempt,
  fault,
  alert,
  webhooks,
  operations,
  transition,
  health,
  load,
  sockets,
  saturation,
  process,
  note,
  end,
} satisfies Record<string, { fields: Fields }>

type Events = typeof events
export type EventKind = keyof Events
export type EventNamed<Kind extends EventKind> = EventOf<Kind, Events[Kind]['fields']>

/** Any line of a journal. */
export type JournalEvent = { [Kind in EventKind]: EventNamed<Kind> }[EventKind]

export type RunEvent = EventNamed<'run'>
export type PhaseEvent = EventNamed<'phase'>
export type RequestEvent = EventNamed<'request'>
export type ArrivalEvent = EventNamed<'arrival'>
export type DepartureEvent = EventNamed<'departure'>
export type AttemptEvent = EventNamed<'attempt'>
export type FaultEvent = EventNamed<'fault'>
export type TransitionEvent = EventNamed<'transition'>
export type AlertEvent = EventNamed<'alert'>
export type HealthEvent = EventNamed<'health'>
export type NoteEvent = EventNamed<'note'>
export type LoadEvent = EventNamed<'load'>
export type SaturationEvent = EventNamed<'saturation'>
export type SocketsEvent = EventNamed<'sockets'>
export type ProcessEvent = EventNamed<'process'>
export type EndEvent = EventNamed<'end'>

export type { Role } from './events/process.ts'
