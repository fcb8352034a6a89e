// A small discrete simulation of gateways, seeded: what it did is known, and the journal tells only what a fake and the clients see.
//
//   arrivals ──▶ gateway (workers, breaker, retry, bulkhead, limiter, shared calls) ──▶ upstream: answers, fails from 8 s to 14 s
//      │                         └──▶ truth: each change of each breaker
//      └──▶ journal
import type { BreakerState } from '../../../../src/contract/breaker-events.ts'
import type { Outcome } from '../../../../src/contract/outcome.ts'
import type { Evidence } from '../../../../src/evidence/evidence.ts'
import type { JournalEvent } from '../../../../src/evidence/events.ts'
import { foldJournal } from '../../../../src/evidence/fold/fold.ts'
import { requestId } from '../../../../src/evidence/request-id.ts'
import { type Random, seededRandom } from '../../../../src/kernel/random.ts'
import type { Fault } from '../../../../src/faults/fault.ts'
import { arrivals } from '../../../../src/plan/arrivals.ts'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { outage, planOf } from '../../../judge/history.ts'

export interface Gateway {
  /** Processes, each with a breaker of its own. Default: 1. */
  workers?: number
  /** How it opens. Default: after so many failures in a row. */
  trips?: 'count' | 'rate' | 'never'
  /** In a row, that open one that counts. Default: five. */
  failures?: number
  /** How long it stays open. Default: `RECOVERY`. */
  recoversMs?: number
  /** Half-open permits. Default: 1. */
  permits?: number
  /** Each of three attempts asks the breaker, with 100 ms and 200 ms between them. */
  retriesAround?: true
  /** Places; what finds none is answered from a cache. */
  bulkhead?: number
  /** How it ends what it refuses. Default: rejected. One that marks no refusal marks no timeout either. */
  refuses?: Outcome
  /** Attempts per second; the rest is refused. */
  limit?: number
  /** Asks the upstream by itself so often, and lets that decide in place of requests. */
  checksEveryMs?: number
  /** Requests of one of so many questions share a call that is under way, with all its retries. */
  questions?: number
  /** It passes no request ids on. */
  anonymous?: true
  /** So many of the workers do not feel the fault. */
  unhurtWorkers?: number
}

export interface Upstream {
  /** While the fault is on. Default: answers 503 at once. */
  fails?: 'at once' | 'hangs' | 'swallowed on its way' | 'answers kept'
  /** Nothing before the proxy tells of requests. */
  noFront?: true
}

/** What keeps requests, or answers, in the network; undefined for what the fake does. */
function toxicOf({ fails }: Upstream): Fault | undefined {
  if (fails !== 'swallowed on its way' && fails !== 'answers kept') return undefined
  const stream = fails === 'answers kept' ? 'downstream' : 'upstream'
  return { made: 'network', is: 'toxic', toxic: { type: 'timeout', attributes: { timeout: 0 } }, stream, toxicity: 1 }
}

export interface Change {
  worker: number
  atMs: number
  to: BreakerState
}

export const RECOVERY = 3000
export const FAULT = { startMs: 8000, endMs: 14_000 }
const END = 32_000
const TIMEOUT = 1000
const RUN = 'r7'
const ORIGIN = 5000

export function planFor(criteria: Criterion[], seed: number, upstream: Upstream = {}, perSecond = 100): Plan {
  const phase = (name: string, startMs: number, endMs: number) => ({ name, startMs, endMs, warmUp: name === 'warm-up', expected: 0 })
  const plan = planOf(criteria)
  return {
    ...plan,
    seed,
    phases: [
      phase('warm-up', 0, 2000),
      phase('steady', 2000, FAULT.startMs),
      phase('outage', FAULT.startMs, FAULT.endMs),
      phase('recovery', FAULT.endMs, END),
    ],
    load: {
      ...plan.load,
      arrivals: 'poisson',
      rate: [{ fromMs: 0, toMs: END, startPerSecond: perSecond, endPerSecond: perSecond }],
      mix: plan.load.mix.slice(0, 1),
    },
    faults: [{ ...outage, ...FAULT, fault: toxicOf(upstream) ?? outage.fault }],
    durationMs: END,
  }
}

/** Things that happen later, in order of time. */
class Agenda {
  #nowMs = 0
  #order = 0
  readonly #waiting: { atMs: number; order: number; act: () => void }[] = []

  get nowMs(): number {
    return this.#nowMs
  }

  at(atMs: number, act: () => void): void {
    const entry = { atMs, order: this.#order++, act }
    let place = this.#waiting.length
    while (
      place > 0 &&
      (this.#waiting[place - 1]!.atMs < atMs || (this.#waiting[place - 1]!.atMs === atMs && this.#waiting[place - 1]!.order < entry.order))
    )
      place--
    this.#waiting.splice(place, 0, entry)
  }

  run(): void {
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      this.#nowMs = next.atMs
      next.act()
    }
  }
}

type Permit = { epoch: number; probe: boolean } | undefined

class Breaker {
  #state: BreakerState = 'closed'
  #epoch = 0
  #untilMs = 0
  #permits = 0
  #failures = 0
  #last: boolean[] = []
  readonly #gateway: Gateway
  readonly #onChange: (to: BreakerState) => void

  constructor(gateway: Gateway, onChange: (to: BreakerState) => void) {
    this.#gateway = gateway
    this.#onChange = onChange
  }

  ask(nowMs: number): Permit {
    if (this.#state === 'open' && nowMs >= this.#untilMs) {
      this.#become('half_open')
      this.#permits = this.#gateway.permits ?? 1
    }
    if (this.#state === 'open') return undefined
    if (this.#state === 'half_open' && this.#permits-- <= 0) return undefined
    return { epoch: this.#epoch, probe: this.#state === 'half_open' }
  }

  tell(permit: NonNullable<Permit>, ok: boolean, nowMs: number): void {
    if (permit.epoch !== this.#epoch || this.#gateway.trips === 'never') return
    if (this.#state === 'half_open') {
      if (!ok) this.#open(nowMs)
      else this.#become('closed')
      return
    }
    this.#failures = ok ? 0 : this.#failures + 1
    this.#last = [...this.#last, ok].slice(-20)
    const bad = this.#last.filter((each) => !each).length
    const trips = this.#gateway.trips === 'rate' ? this.#last.length === 20 && bad >= 10 : this.#failures >= (this.#gateway.failures ?? 5)
    if (trips) this.#open(nowMs)
  }

  #open(nowMs: number): void {
    this.#untilMs = nowMs + (this.#gateway.recoversMs ?? RECOVERY)
    this.#become('open')
  }

  #become(to: BreakerState): void {
    this.#state = to
    this.#epoch++
    this.#failures = 0
    this.#last = []
    this.#onChange(to)
  }
}

/** Plays the plan's requests through the gateway. */
export function simulate(plan: Plan, gateway: Gateway, upstream: Upstream = {}): { evidence: Evidence; truth: Change[] } {
  const random = seededRandom(plan.seed).stream('simulation')
  const agenda = new Agenda()
  const truth: Change[] = []
  const lines: JournalEvent[] = []
  const workers = Array.from(
    { length: gateway.workers ?? 1 },
    (_, worker) => new Breaker(gateway, (to) => truth.push({ worker, atMs: agenda.nowMs, to })),
  )
  let [ordinal, inside, isUp] = [0, 0, true]
  const sentMs: number[] = []
  const isMarked = gateway.refuses !== 'upstream_error'
  const underWay = new Map<number, ((outcome: Outcome) => void)[]>()

  /** One attempt: `done` hears of it once. */
  const attempt = (id: string, nth: number, isHurt: boolean, done: (ok: boolean) => void): void => {
    const mine = ordinal++
    const arrivedMs = agenda.nowMs + between(random, 1, 3)
    const request = gateway.anonymous || id === '' ? '' : id
    if (!upstream.noFront)
      lines.push({ type: 'attempt', t: agenda.nowMs, upstream: 'gemini', connection: 0, request, method: 'POST', path: '/generate' })
    const isFaulty = isHurt && arrivedMs >= FAULT.startMs && arrivedMs < FAULT.endMs
    const toxic = isFaulty && toxicOf(upstream) !== undefined
    if (isFaulty && upstream.fails === 'swallowed on its way') return agenda.at(agenda.nowMs + TIMEOUT, () => done(false))
    agenda.at(arrivedMs, () => {
      lines.push({
        type: 'arrival',
        t: arrivedMs,
        upstream: 'gemini',
        ordinal: mine,
        request,
        attempt: request === '' ? 0 : nth,
        concurrent: 1,
        route: 'generate',
        method: 'POST',
        idempotent: false,
        bodyHash: '',
        ...(isFaulty && !toxic && { faults: ['F1'] }),
      })
      const hangs = isFaulty && upstream.fails === 'hangs'
      const answeredMs = arrivedMs + (hangs ? TIMEOUT : isFaulty && !toxic ? between(random, 1, 4) : between(random, 20, 80))
      agenda.at(answeredMs, () => {
        lines.push({
          type: 'departure',
          t: answeredMs,
          upstream: 'gemini',
          ordinal: mine,
          status: hangs ? 0 : isFaulty && !toxic ? 503 : 200,
          clientGone: hangs,
          whole: !hangs,
          length: 0,
        })
        if (toxic) agenda.at(arrivedMs + TIMEOUT, () => done(false))
        else done(!isFaulty)
      })
    })
  }
  if (gateway.checksEveryMs !== undefined)
    for (let atMs = 10; atMs < END; atMs += gateway.checksEveryMs)
      agenda.at(atMs, () =>
        attempt('', 0, true, (ok) => {
          if (isUp !== ok) truth.push({ worker: 0, atMs: agenda.nowMs, to: ok ? 'closed' : 'open' })
          isUp = ok
        }),
      )

  for (const { index, dueMs } of arrivals(plan))
    agenda.at(dueMs, () => {
      const id = requestId(RUN, index)
      const worker = Math.floor(random.next() * workers.length)
      const answer = (outcome: Outcome): void => {
        const status = outcome === 'ok' || outcome === 'fallback' ? 200 : 503
        const t = agenda.nowMs + between(random, 0.5, 2)
        lines.push({ type: 'request', t, id, index, due: dueMs, sent: dueMs, route: 'gemini.generate', method: 'POST', outcome, status })
      }
      const question = gateway.questions === undefined ? undefined : Math.floor(random.next() * gateway.questions)
      const end = (outcome: Outcome): void => {
        const others = question === undefined ? [] : (underWay.get(question) ?? [])
        if (question !== undefined) underWay.delete(question)
        for (const tell of [answer, ...others]) tell(outcome)
      }
      const refuse = (): void => end(gateway.refuses ?? 'rejected')
      const go = (nth: number): void => {
        if (!isUp) return refuse()
        const permit = workers[worker]!.ask(agenda.nowMs)
        if (!permit) return gateway.retriesAround && nth < 3 ? agenda.at(agenda.nowMs + 100 * nth, () => go(nth + 1)) : refuse()
        const recent = sentMs.filter((at) => at > agenda.nowMs - 1000).length
        if (gateway.limit !== undefined && recent >= gateway.limit) return end(gateway.refuses ?? 'limited')
        if (inside >= (gateway.bulkhead ?? Number.POSITIVE_INFINITY)) return end('fallback')
        inside++
        sentMs.push(agenda.nowMs)
        if (sentMs.length > 500) sentMs.splice(0, 250)
        attempt(id, nth, worker >= (gateway.unhurtWorkers ?? 0), (ok) => {
          inside--
          workers[worker]!.tell(permit, ok, agenda.nowMs)
          if (!ok && gateway.retriesAround && nth < 3) agenda.at(agenda.nowMs + 100 * nth, () => go(nth + 1))
          else end(ok ? 'ok' : isMarked && (upstream.fails ?? 'at once') !== 'at once' ? 'timeout' : 'upstream_error')
        })
      }
      const shared = question === undefined ? undefined : underWay.get(question)
      if (shared) {
        shared.push(answer)
        return
      }
      if (question !== undefined) underWay.set(question, [])
      go(1)
    })
  agenda.run()
  return { evidence: foldJournal(journalOf(lines, plan, upstream), plan), truth }
}

const between = (random: Random, least: number, most: number): number => least + random.next() * (most - least)

function* journalOf(lines: JournalEvent[], plan: Plan, upstream: Upstream): Generator<JournalEvent> {
  yield {
    type: 'run',
    t: 0,
    schemaVersion: 2,
    scenario: plan.scenario,
    seed: plan.seed,
    run: RUN,
    origin: ORIGIN,
    startedAt: '2026-01-01T00:00:00Z',
  }
  yield { type: 'note', t: ORIGIN, code: 'events_unavailable', text: 'the gateway offers no breaker events' }
  if (!upstream.noFront) yield { type: 'connection', t: ORIGIN, upstream: 'gemini', connection: 0, edge: 'opened' }
  if (toxicOf(upstream)) yield { type: 'fault', t: ORIGIN + FAULT.startMs, fault: 'F1', edge: 'bite' }
  for (const { name, startMs, endMs } of plan.phases) {
    yield { type: 'phase', t: ORIGIN + startMs, phase: name, edge: 'start' }
    yield { type: 'phase', t: ORIGIN + endMs, phase: name, edge: 'end' }
  }
  for (const [edge, t] of [
    ['requested', FAULT.startMs],
    ['acknowledged', FAULT.startMs],
    ['clear_requested', FAULT.endMs],
    ['cleared', FAULT.endMs],
  ] as const)
    yield { type: 'fault', t: ORIGIN + t, fault: 'F1', edge }
  for (const line of lines.toSorted((a, b) => a.t - b.t))
    yield line.type === 'request'
      ? { ...line, t: line.t + ORIGIN, due: line.due + ORIGIN, sent: line.sent + ORIGIN }
      : { ...line, t: line.t + ORIGIN }
  yield { type: 'end', t: ORIGIN + END + 100, reason: 'complete' }
}
