// What a request's answer stands on, and how often it was tried, from hand-written lines about single requests.
import { describe, expect, it } from 'vitest'
import type { ArrivalEvent, DepartureEvent, JournalEvent, RequestEvent } from '../../../src/evidence/events.ts'
import type { Evidence } from '../../../src/evidence/evidence.ts'
import { foldJournal } from '../../../src/evidence/fold/fold.ts'
import { requestId } from '../../../src/evidence/request-id.ts'
import { arrivals } from '../../../src/plan/arrivals.ts'
import type { Plan, PlannedRoute } from '../../../src/plan/plan.ts'
import { ORIGIN, planOf } from '../../judge/history.ts'

const RUN = 'r7'
const base = planOf()
const own: PlannedRoute = { ...base.load.mix[0]!, route: 'health', reaches: [], weight: 1 }
const both: PlannedRoute = { ...base.load.mix[0]!, route: 'both', reaches: [{ upstream: 'gemini' }, { upstream: 'assemblyai' }] }
const read: PlannedRoute = { ...base.load.mix[0]!, route: 'read', method: 'GET', weight: 1 }
const plan: Plan = { ...base, load: { ...base.load, mix: [...base.load.mix, own, both, read] } }
const run: JournalEvent = {
  type: 'run',
  t: ORIGIN,
  schemaVersion: 2,
  scenario: plan.scenario,
  seed: plan.seed,
  run: RUN,
  origin: ORIGIN,
  startedAt: '2026-01-01T00:00:00Z',
}

const at = (ms: number): number => ORIGIN + 3000 + ms
const asked = (changes: Partial<RequestEvent> = {}): RequestEvent => ({
  type: 'request',
  t: at(50),
  id: requestId(RUN, 600),
  index: 600,
  due: at(0),
  sent: at(0),
  route: 'gemini.generate',
  method: 'POST',
  outcome: 'ok',
  status: 200,
  ...changes,
})
let ordinals = 0
/** An attempt and its end. */
function tried(arrived: Partial<ArrivalEvent> = {}, left: Partial<DepartureEvent> | 'under way' = {}): (ArrivalEvent | DepartureEvent)[] {
  const ordinal = ordinals++
  const arrival: ArrivalEvent = {
    type: 'arrival',
    t: at(5),
    upstream: 'gemini',
    ordinal,
    request: requestId(RUN, 600),
    attempt: 1,
    concurrent: 1,
    route: 'generate',
    method: 'POST',
    idempotent: false,
    bodyHash: '',
    ...arrived,
  }
  if (left === 'under way') return [arrival]
  const { upstream } = arrival
  return [arrival, { type: 'departure', t: at(45), upstream, ordinal, status: 200, clientGone: false, whole: true, length: 9, ...left }]
}
const folded = (...events: (JournalEvent | JournalEvent[])[]): Evidence => foldJournal([run, ...events.flat()], plan)
const standingOf = (...events: (JournalEvent | JournalEvent[])[]) => folded(...events).requests[0]!.standing
const stands = (on: string) => ({ good: 0, shared: 0, spoiled: 0, nothing: 0, own: 0, [on]: 1 })

describe('an ok answer stands', () => {
  it('on an attempt of its own that was answered whole and well', () => {
    expect(standingOf(tried(), asked())).toEqual(stands('good'))
    expect(standingOf(asked(), tried())).toEqual(stands('good'))
  })

  it('on a good attempt after failed ones', () => {
    const failed = tried({}, { status: 503, t: at(10) })
    expect(standingOf(failed, tried({ attempt: 2, t: at(20) }), asked())).toEqual(stands('good'))
  })

  it('on a status that its route expects', () => {
    const expecting = { ...plan, load: { ...plan.load, mix: [{ ...plan.load.mix[0]!, expectedStatuses: [404] }] } }
    expect(foldJournal([run, ...tried({}, { status: 404 }), asked({ status: 404 })], expecting).requests[0]!.standing).toEqual(
      stands('good'),
    )
  })

  it.each<[string, Parameters<typeof tried>]>([
    ['an error', [{}, { status: 503 }]],
    ['a client that went away', [{}, { clientGone: true }]],
    ['no status at all', [{}, { status: 0 }]],
    ['one that is still under way', [{}, 'under way']],
    ['one that ended long after the client’s answer', [{}, { t: at(50 + 400) }]],
  ])('on nothing, where the upstream gave %s', (_what, args) => {
    expect(standingOf(tried(...args), asked())).toEqual(stands('nothing'))
  })

  it('on nothing, where no attempt of its own is known', () => {
    expect(standingOf(tried({ request: requestId(RUN, 601) }), asked())).toEqual(stands('nothing'))
  })

  describe('on the call of another client,', () => {
    const body = { checksum: 'abcd1234', length: 9 }
    const first = (left: Partial<DepartureEvent> = {}, arrived: Partial<ArrivalEvent> = {}) =>
      tried({ request: requestId(RUN, 601), method: 'GET', ...arrived }, { ...body, ...left })
    const second = (changes: Partial<RequestEvent> = {}) => asked({ route: 'read', method: 'GET', sent: at(20), ...body, ...changes })

    it('where it was under way meanwhile, and the upstream sent this very body', () => {
      expect(standingOf(first(), second())).toEqual(stands('shared'))
      expect(standingOf(second(), first())).toEqual(stands('shared'))
      // The fake hears of the end last.
      expect(standingOf(first({ t: at(200) }), second())).toEqual(stands('shared'))
    })

    it.each<[string, JournalEvent[]]>([
      ['ended before this one asked', [...first({ t: at(10) }), second()]],
      ['ended long after this one was answered', [...first({ t: at(400) }), second()]],
      ['got another body', [...first({ checksum: 'ffffffff' }), second()]],
      ['broke off', [...first({ whole: false }), second()]],
      ['was of another upstream', [...first({}, { upstream: 'assemblyai' }), second()]],
      [
        'may be nobody’s: it carries no id, and could be of this request itself',
        [...first({}, { request: '' }), ...first({}, { request: '' }), second(), second({ index: 602, id: requestId(RUN, 602) })],
      ],
      ['asked for something to be done', [...first({}, { method: 'POST' }), second({ route: 'gemini.generate', method: 'POST' })]],
    ])('but on nothing, where that one %s', (_what, events) => {
      expect(folded(events).requests[0]!.standing.shared).toBe(0)
    })

    it('but on nothing, where its own attempts failed', () => {
      expect(standingOf(first(), tried({ method: 'GET' }, { status: 503 }), second())).toEqual(stands('nothing'))
    })
  })

  it('on a spoiled answer, unless another one was whole', () => {
    expect(standingOf(tried({}, { whole: false }), asked())).toEqual(stands('spoiled'))
    expect(standingOf(tried({}, { whole: false }), tried({ attempt: 2 }), asked())).toEqual(stands('good'))
  })

  it('on its very body, however late the fake heard of the end', () => {
    const late = tried({}, { t: at(900), checksum: 'abcd1234', length: 9 })
    const { standing, bodies } = folded(late, asked({ checksum: 'abcd1234', length: 9 })).requests[0]!
    expect([standing, bodies]).toEqual([stands('good'), { same: 1, other: 0 }])
    expect(standingOf(late, asked({ checksum: 'ffffffff', length: 9 }))).toEqual(stands('nothing'))
  })

  it('on the gateway itself, where its route reaches no upstream', () => {
    expect(standingOf(asked({ route: 'health' }))).toEqual(stands('own'))
  })
})

describe('attempts of a request', () => {
  const cells = (evidence: Evidence) => evidence.attempts.map(({ route, upstream, byAttempts }) => [route, upstream, byAttempts])

  it('are counted request by request, at each upstream that its route reaches', () => {
    const evidence = folded(tried(), tried({ attempt: 2 }), tried({ upstream: 'assemblyai' }), asked({ route: 'both' }))
    expect(cells(evidence)).toEqual([
      ['both', 'gemini', [0, 0, 1]],
      ['both', 'assemblyai', [0, 1]],
    ])
    expect(cells(folded(asked({ outcome: 'rejected', status: 503 })))).toEqual([['gemini.generate', 'gemini', [1]]])
  })

  it('are seen at the front too, where some die on their way', () => {
    const head = (t: number): JournalEvent => ({
      type: 'attempt',
      t,
      upstream: 'gemini',
      connection: 0,
      request: requestId(RUN, 600),
      method: 'POST',
      path: '/',
    })
    const [cell] = folded(head(at(4)), head(at(20)), head(at(30)), tried(), asked()).attempts
    expect(cell).toMatchObject({ byAttempts: [0, 1], byHeads: [0, 0, 0, 1] })
    const refused = asked({ index: 599, id: requestId(RUN, 599), outcome: 'rejected', status: 503 })
    expect(folded(refused, head(at(4)), tried(), asked()).attempts[0]).toMatchObject({ byAttempts: [1, 1], byHeads: [1, 1] })
    expect(folded(refused, tried(), asked()).attempts[0]).toMatchObject({ byAttempts: [1, 1], byHeads: [] })
  })

  it('that may not be repeated are told, unless all carry one and the same key', () => {
    const unsafe = (...attempts: Partial<ArrivalEvent>[]) =>
      folded(
        attempts.flatMap((arrived, before) => tried({ attempt: before + 1, t: at(5 + before), ...arrived })),
        asked(),
      ).attempts[0]!.unsafe
    expect(unsafe({})).toMatchObject({ requests: 0, first: null })
    expect(unsafe({}, {}, {})).toMatchObject({
      requests: 1,
      repeats: 2,
      first: { request: requestId(RUN, 600), atMs: 3006, method: 'POST' },
    })
    expect(unsafe({ key: 'k' }, { key: 'k' })).toMatchObject({ requests: 0 })
    expect(unsafe({ key: 'k' }, { key: 'fresh' })).toMatchObject({ requests: 1, repeats: 1 })
    expect(unsafe({ key: 'k' }, {})).toMatchObject({ requests: 1 })
    expect(unsafe({ method: 'SEARCH' }, { method: 'SEARCH' })).toMatchObject({ requests: 0 })
  })

  it('at a request that is long over are counted as late', () => {
    const later: JournalEvent[] = [
      { type: 'load', t: at(5000), due: 1, sent: 1, ended: 1, inFlight: 0 },
      { type: 'sockets', t: at(5000), upstream: 'gemini', open: 1 },
    ]
    const [cell] = folded(tried(), asked(), later, tried({ attempt: 2, t: at(6000) }, { t: at(6010) })).attempts
    expect(cell).toMatchObject({ byAttempts: [0, 1], late: 1, unsafe: { requests: 1, repeats: 1 } })
  })
})

describe('attempts without their client’s id', () => {
  const all = [...arrivals(plan)]
  const one = all.find(({ index, route }) => index >= 600 && route.route === 'gemini.generate')!
  const due = ORIGIN + one.dueMs
  const sent = asked({ index: one.index, id: requestId(RUN, one.index), due, sent: due, t: due + 60 })
  const hidden = (changes: Partial<ArrivalEvent> = {}) => tried({ request: '', attempt: 0, t: due + 9, ...changes }, { t: due + 50 })
  /** The other requests around it: ended as soon as they were due, but for those that stay under way. */
  const others = (underWay: readonly number[] = []): RequestEvent[] =>
    all
      .filter(({ index }) => index !== one.index && index < one.index + 50)
      .map(({ index, dueMs, route: { route } }) => {
        const began = ORIGIN + dueMs
        const t = underWay.includes(index) ? due + 100 : began + 1
        return asked({ index, id: requestId(RUN, index), due: began, sent: began, route, t })
      })
  const cellOf = (evidence: Evidence) => evidence.attempts.find(({ phase, route }) => phase === 'steady' && route === 'gemini.generate')!

  it('are joined where no other request of their kind was under way, and told as such', () => {
    const evidence = folded(others(), hidden(), sent)
    expect(cellOf(evidence)).toMatchObject({ byTime: 1 })
    expect(cellOf(evidence).byAttempts[1]).toBe(1)
  })

  it('tell an unsafe repeat so', () => {
    const evidence = folded(others(), hidden(), hidden({ t: due + 19 }), sent)
    expect(cellOf(evidence).unsafe).toMatchObject({ requests: 1, repeats: 1 })
  })

  it('are left alone where two requests of one kind were under way', () => {
    const twin = all.findLast(({ index, route }) => index < one.index && route === one.route)!
    expect(cellOf(folded(others([twin.index]), hidden(), sent))).toMatchObject({ byTime: 0 })
  })
})

it('counts calls without a client’s id, on routes that nobody asked for, as the gateway’s own', () => {
  const { own: calls, arrivals: arrived } = foldJournal(
    [run, ...tried({ request: '', attempt: 0, route: 'models', method: 'GET' }), ...tried(), asked()],
    base,
  )
  expect(calls).toEqual([{ upstream: 'gemini', route: 'models', count: 1 }])
  expect(arrived).toMatchObject([{ route: 'generate', count: 1 }])
})

it('keeps some traces for people: the slowest, and of each kind of failure', () => {
  const many = Array.from({ length: 9 }, (_, more) => asked({ index: 600 + more, id: requestId(RUN, 600 + more), t: at(50 + more) }))
  const failed = asked({ index: 700, id: requestId(RUN, 700), outcome: 'timeout', status: 504, identity: 'alice', error: 'timeout' })
  const { sample } = folded(many, failed, tried())
  expect(sample.map(({ why, id, endedMs }) => [why, id, endedMs])).toEqual([
    ['slow', requestId(RUN, 608), 3058],
    ['slow', requestId(RUN, 607), 3057],
    ['slow', requestId(RUN, 606), 3056],
    ['timeout', requestId(RUN, 700), 3050],
  ])
  expect(sample.at(-1)).toMatchObject({ identity: 'alice', error: 'timeout', attempts: [] })
})
