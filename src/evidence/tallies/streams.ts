// Answers that are streams of events: when the first event came, how long it took from one to the next, and whether the client got
// every event once and the end that the upstream gave.
//
//   upstream   e1 e2 e3 end      e1 e2 ✂        e1 e2 e3 end    e1 ✂, then e1 e2 e3 end
//   client     e1 e2 e3 end      e1 e2 ✂        e1 e2 ✂         e1 e1 e2 e3 end
//              kept              kept           lost            repeated
import { errorOutcomes } from '../../contract/outcome.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { DepartureEvent, RequestEvent } from '../events.ts'
import { CountTable } from '../fold/counting/count-table.ts'
import { type Latencies, LatencyRecorder } from '../latency-histogram.ts'
import { mergeLatencies } from '../merge-latencies.ts'
import { type Attempt, wasHalted } from '../trace.ts'
import { SentBodies } from './sent-bodies.ts'
import { type Seen, earliest, traceTally } from './trace-tally.ts'

/** What became of a stream on its way through the gateway. */
const fates = {
  kept: 'every event came once, and the end as the upstream gave it',
  lost: 'events, or the end, are missing that the upstream sent',
  repeated: 'there are more events than the upstream sent',
  changed: 'events say something else than the upstream sent',
  misended: 'it ended well for the client, and badly at the upstream',
  held: 'the client was left to wait when nothing more was to come',
  unsent: 'the client was told of an error, and no stream was sent',
  left: 'the client left while it went on',
  untold: 'what the upstream sent is not known, or what came cannot be read as a stream',
} as const

export type Fate = keyof typeof fates
const fateNames = Object.keys(fates) as Fate[]
export const badFates: ReadonlySet<Fate> = new Set<Fate>(['lost', 'repeated', 'changed', 'misended', 'held'])
const fateOrder = new Map(fateNames.map((fate, at) => [fate, at]))

export interface StreamCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  reaches: readonly string[]
  /** Answers that were streams of events. */
  streams: number
  /** From due to the first event. */
  firstEvent: Latencies
  /** The same from sent. */
  firstEventService: Latencies
  /** The longest time of each stream without an event, from its first one to its end. */
  gaps: Latencies
  /** Streams that ended without any event, and requests that were given up before an answer began: the load's whole patience at least. */
  eventless: Latencies
  fates: Record<Fate, number>
  /** The first of a bad fate. */
  firstBad: Seen | null
  /** Streams whose upstream broke, stalled or failed after the client had an event: only these tempt a gateway to begin anew. */
  tempted: number
  /** Streams for which an upstream was asked again after the client had an event. */
  begunAnew: number
  firstBegunAnew: Seen | null
}

type Counting = Omit<StreamCell, 'firstEvent' | 'firstEventService' | 'gaps' | 'eventless'> & {
  [Name in 'firstEvent' | 'firstEventService' | 'gaps' | 'eventless']: LatencyRecorder
}

const spans = () => new LatencyRecorder()

export const streams = traceTally<'streams', StreamCell>({
  evidence: 'streams',
  open({ plan, origin }) {
    const { phases, load } = plan
    const reached = load.mix.map(({ reaches }) => reaches.map(({ upstream }) => upstream))
    const cells = new CountTable<Counting>([phases.length, load.mix.length], (phase = 0, route = 0) => ({
      phase: phases[phase]?.name ?? '',
      route: load.mix[route]!.route,
      reaches: reached[route]!,
      streams: 0,
      firstEvent: spans(),
      firstEventService: spans(),
      gaps: spans(),
      eventless: spans(),
      fates: Object.fromEntries(fateNames.map((fate) => [fate, 0])) as Record<Fate, number>,
      firstBad: null,
      tempted: 0,
      begunAnew: 0,
      firstBegunAnew: null,
    }))
    const sent = new SentBodies()
    // However soon such a stream ended, its first event never came.
    const neverOf = ({ t, due }: RequestEvent): Ms => Math.max(t - due, load.timeoutMs)

    return {
      departure: ({ upstream, events, eventsChecksum }) => {
        if (events !== undefined && eventsChecksum !== undefined) sent.add(upstream, eventsChecksum, events)
      },
      trace({ request, phase, route, attempts }) {
        if (!request) return
        if (request.events === undefined) {
          // Whether it would have been a stream is told by the route.
          if (request.outcome === 'client_timeout' && request.firstByteMs === undefined && !wasHalted(request))
            cells.at(phase, route).eventless.record(neverOf(request))
          // It was a stream when it was sent, and came as something else: compressed, or changed.
          else if (request.outcome === 'ok' && attempts.some(({ departure }) => isGoodStream(departure))) {
            const unread = cells.at(phase, route)
            unread.streams++
            unread.fates.untold++
          }
          return
        }
        if (request.outcome === 'fallback' || request.status >= 400) return
        const cell = cells.at(phase, route)
        cell.streams++
        const seen = (what: string): Seen => ({ request: request.id, atMs: request.t - origin, what })
        if (request.firstEventMs === undefined) {
          if (!wasHalted(request)) cell.eventless.record(neverOf(request))
        } else {
          cell.firstEvent.record(request.sent + request.firstEventMs - request.due)
          cell.firstEventService.record(request.firstEventMs)
          if (request.eventGapMs !== undefined) cell.gaps.record(request.eventGapMs)
          const hadEventAt = request.sent + request.firstEventMs
          if (attempts.some(({ departure }) => departure && (isBad(departure) || !departure.whole) && (departure.events ?? 0) > 0))
            cell.tempted++
          if (attempts.some(({ arrival }) => arrival.t > hadEventAt)) {
            cell.begunAnew++
            cell.firstBegunAnew = earliest(cell.firstBegunAnew, seen('asked again after its first event'))
          }
        }
        const fate = fateOf(
          request,
          attempts,
          (upstream) => sent.has(upstream, request.eventsChecksum ?? '', request.events ?? 0),
          reached[route]!,
        )
        cell.fates[fate]++
        if (badFates.has(fate)) cell.firstBad = earliest(cell.firstBad, seen(fates[fate]))
      },
      result: () =>
        cells.all().map((cell) =>
          Object.assign({}, cell, {
            firstEvent: cell.firstEvent.result(),
            firstEventService: cell.firstEventService.result(),
            gaps: cell.gaps.result(),
            eventless: cell.eventless.result(),
          }),
        ),
    }
  },
  key: ({ phase, route }) => JSON.stringify([phase, route]),
  merge: (a, b) => ({
    ...a,
    streams: a.streams + b.streams,
    firstEvent: mergeLatencies([a.firstEvent, b.firstEvent]),
    firstEventService: mergeLatencies([a.firstEventService, b.firstEventService]),
    gaps: mergeLatencies([a.gaps, b.gaps]),
    eventless: mergeLatencies([a.eventless, b.eventless]),
    fates: Object.fromEntries(fateNames.map((fate) => [fate, a.fates[fate] + b.fates[fate]])) as Record<Fate, number>,
    firstBad: earliest(a.firstBad, b.firstBad),
    tempted: a.tempted + b.tempted,
    begunAnew: a.begunAnew + b.begunAnew,
    firstBegunAnew: earliest(a.firstBegunAnew, b.firstBegunAnew),
  }),
})

const isGoodStream = (departure: DepartureEvent | undefined): boolean =>
  departure?.events !== undefined && departure.whole && !departure.clientGone

/** Broken off, stalled until the gateway left, or with an error told inside. */
function isBad({ brokenOff, whole, clientGone, streamError }: DepartureEvent): boolean {
  return brokenOff === true || (clientGone && !whole) || streamError !== undefined
}

/** The best that any attempt speaks for: which of them the answer is made of is not told. */
function fateOf(
  request: RequestEvent,
  attempts: readonly Attempt[],
  wasSent: (upstream: string) => boolean,
  reached: readonly string[],
): Fate {
  // What was under way when the client left nobody can hold the gateway to.
  if (wasHalted(request)) return 'left'
  if (request.outcome === 'client_timeout') return isHeld(request, attempts) ? 'held' : 'left'
  const answers = attempts.flatMap(({ departure }) => (departure?.events === undefined ? [] : [departure]))
  if (answers.length > 0) {
    const told = answers.map((departure) => fateAgainst(request, departure))
    return told.reduce((best, fate) => (fateOrder.get(fate)! < fateOrder.get(best)! ? fate : best))
  }
  // No attempt of its own: where the gateway shares or keeps answers, another request's may be behind it.
  if (reached.some(wasSent)) return 'kept'
  return visibleErrors.has(request.outcome) ? 'unsent' : 'untold'
}

/** Time enough to hand on what has come, and its end. */
const HANDED_ON: Ms = 1000

/** Before the first event the gateway may be waiting to ask again. */
const isHeld = ({ t, firstEventMs }: RequestEvent, attempts: readonly Attempt[]): boolean =>
  firstEventMs !== undefined &&
  attempts.length > 0 &&
  attempts.every(({ departure }) => departure !== undefined && departure.t < t - HANDED_ON)

const visibleErrors: ReadonlySet<string> = new Set(errorOutcomes.filter((outcome) => outcome !== 'client_timeout'))

function fateAgainst(request: RequestEvent, departure: DepartureEvent): Fate {
  const got = request.events ?? 0
  const sent = departure.events ?? 0
  const endsBadly = visibleErrors.has(request.outcome)
  // The upstream's stream did not come to its end: the client must see that, and no more than was sent.
  if (isBad(departure)) {
    if (isSame(request, departure) && departure.streamError !== undefined) return 'kept'
    if (!endsBadly) return 'misended'
    // An error that the gateway tells in the stream is one event more.
    return got > sent + (request.streamError === undefined ? 0 : 1) ? 'repeated' : 'kept'
  }
  if (got < sent || (got === sent && endsBadly && request.streamError === undefined)) return 'lost'
  if (got > sent) return request.streamError !== undefined && got === sent + 1 ? 'lost' : 'repeated'
  if (request.eventsChecksum === undefined || departure.eventsChecksum === undefined) return got === 0 ? 'kept' : 'untold'
  return isSame(request, departure) ? 'kept' : 'changed'
}

const isSame = (request: RequestEvent, departure: DepartureEvent): boolean =>
  request.events === departure.events && request.eventsChecksum !== undefined && request.eventsChecksum === departure.eventsChecksum
