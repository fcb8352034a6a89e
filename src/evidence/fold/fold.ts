// Journal in, evidence out: one pass, a few counters, nothing kept per request.
// Lines of different roles may be shuffled (roles send in batches); nothing here depends on their order.
import type { Ms } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { planIndex } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import { tallyAnswers } from './answers.ts'
import { tallyArrivals } from './arrivals.ts'
import type { Evidence, Transition } from '../evidence.ts'
import { type HealthEvent, type JournalEvent, type RunEvent, type TransitionEvent, requestIndex } from '../events.ts'
import { tallyFaults } from './faults.ts'
import { tallyHealth } from './health.ts'
import { emptyLatencies, record } from '../latency-histogram.ts'
import { tallyRequests } from './requests.ts'
import { tallySeries } from '../time-series.ts'

// A health sample speaks of the second before its stamp.
const HALF_HEALTH_SECOND: Ms = 500

/**
 * Folds a run's events. A request belongs to the phase in which it was due, an arrival to the phase of its request
 * (for a foreign request id: to the phase in which it arrived).
 * @throws GatecrashError `invalid_bundle` when there is no run line (the stage was never ready), a second one, or one of another plan
 */
export async function foldJournal(events: Iterable<JournalEvent> | AsyncIterable<JournalEvent>, plan: Plan): Promise<Evidence> {
  // Processes report while the stage is being set up; times get their meaning from the run line.
  const settingUp: JournalEvent[] = []
  let fold: ReturnType<typeof foldRun> | undefined
  for await (const event of events) {
    if (event.type === 'run') checkRun(event, plan, fold !== undefined)
    if (fold) fold.add(event)
    else if (event.type === 'run') {
      fold = foldRun(event, plan)
      for (const earlier of settingUp) fold.add(earlier)
    } else settingUp.push(event)
  }
  if (!fold) throw new GatecrashError('invalid_bundle', 'the journal has no run line: the run ended before it began; run again')
  return fold.result()
}

function checkRun({ scenario, seed }: RunEvent, plan: Plan, isSecond: boolean): void {
  if (isSecond)
    throw new GatecrashError('invalid_bundle', 'the journal has two run lines: two journals were joined; restore the file, or run again')
  if (scenario === plan.scenario && seed === plan.seed) return
  const [recorded, planned] = [`${scenario} with seed ${seed}`, `${plan.scenario} with seed ${plan.seed}`]
  throw new GatecrashError(
    'invalid_bundle',
    `the journal is of ${recorded}, and run.json of ${planned}: they are not of one run; restore the files, or run again`,
  )
}

function foldRun(run: RunEvent, plan: Plan): { add(event: JournalEvent): void; result(): Evidence } {
  const index = planIndex(plan)
  const phaseAt = (atMs: Ms): string => plan.phases[index.phaseAt(atMs)]?.name ?? ''
  const phaseOf = (request: number): string => plan.phases[index.phaseOf(request)]?.name ?? ''
  const requests = tallyRequests(plan)
  const arrivals = tallyArrivals()
  const answers = tallyAnswers(plan)
  const faults = tallyFaults(plan)
  const health = tallyHealth()
  const series = tallySeries(plan)
  const phaseTimes = plan.phases.map(({ name }): Evidence['phases'][number] => ({ phase: name, startedMs: null, endedMs: null }))
  const transitions = new Map<string, Transition>()
  const sockets = new Map(Object.keys(plan.upstreams).map((upstream) => [upstream, { upstream, last: 0, most: 0 }]))
  const lateness: Evidence['lateness'] = {}
  const died: Evidence['died'] = []
  const notes: Evidence['notes'] = []
  let load: Evidence['load'] = null
  let end: Evidence['end'] = { reason: 'cut', atMs: 0 }
  let lastMs: Ms = 0

  const add = (event: JournalEvent): void => {
    const atMs = event.t - run.origin
    lastMs = Math.max(lastMs, atMs)
    switch (event.type) {
      case 'request': {
        const dueMs = event.due - run.origin
        const phase = phaseAt(dueMs)
        requests.add(event, phase)
        series.request(event, dueMs)
        record((lateness[phase] ??= emptyLatencies()), event.sent - event.due)
        break
      }
      case 'arrival': {
        const asked = requestIndex(run.run, event.request)
        // The first arrival under an id that is not the client's may be any attempt of any request.
        const known = asked === undefined && event.attempt === 1 ? { ...event, attempt: 0 } : event
        const phase = asked === undefined ? phaseAt(atMs) : phaseOf(asked)
        arrivals.add(known, phase, atMs)
        answers.arrival(event, phase)
        faults.arrival(event, atMs)
        series.arrival(event, atMs, asked === undefined ? undefined : index.dueMs(asked))
        break
      }
      case 'transition':
        // An event stream that was resumed may tell a transition twice.
        transitions.set(`${event.sequence} ${event.upstream} ${event.t}`, transitionOf(event, atMs))
        break
      case 'phase': {
        const times = phaseTimes.find((candidate) => candidate.phase === event.phase)
        if (times) times[event.edge === 'start' ? 'startedMs' : 'endedMs'] = atMs
        break
      }
      case 'fault':
        faults.fault(event, atMs)
        break
      case 'health':
        health.add(event, phaseAt(atMs - HALF_HEALTH_SECOND))
        for (const phase of stalledPhases(plan, event, atMs)) health.stall(event, phase)
        break
      case 'load':
        load = { due: event.due, sent: event.sent, ended: event.ended, mostInFlight: Math.max(load?.mostInFlight ?? 0, event.inFlight) }
        break
      case 'sockets': {
        const most = Math.max(sockets.get(event.upstream)?.most ?? 0, event.open)
        sockets.set(event.upstream, { upstream: event.upstream, last: event.open, most })
        break
      }
      case 'process':
        if (event.edge === 'exited' && event.unexpected === true)
          died.push({ role: event.role, atMs, code: event.code ?? null, signal: event.signal ?? null, stderr: event.stderr ?? '' })
        break
      case 'note':
        notes.push({ atMs, code: event.code, text: event.text })
        break
      case 'end':
        end = { reason: event.reason, atMs, ...(event.detail === undefined ? {} : { detail: event.detail }) }
        break
      case 'departure':
        answers.departure(event)
        break
      // What the front saw is not counted yet.
      case 'connection':
      case 'attempt':
      case 'run':
        break
    }
  }
  return {
    add,
    result: () => ({
      run: { id: run.run, scenario: run.scenario, seed: run.seed, startedAt: run.startedAt },
      end: { ...end, atMs: lastMs },
      phases: phaseTimes,
      planned: index.planned,
      requests: requests.result(),
      arrivals: arrivals.result(),
      answers: answers.result(),
      transitions: fromLoadStart([...transitions.values()].toSorted((a, b) => a.atMs - b.atMs || a.sequence - b.sequence)),
      faults: faults.result(),
      load,
      lateness,
      health: health.result(),
      died: died.toSorted((a, b) => a.atMs - b.atMs),
      sockets: [...sockets.values()].toSorted((a, b) => (a.upstream < b.upstream ? -1 : 1)),
      series: series.result(),
      notes: notes.toSorted((a, b) => a.atMs - b.atMs || a.code.localeCompare(b.code)),
    }),
  }
}

/** A stall is told when it is over: the phases in which it may have been, beyond the one that the sample is counted in. */
function stalledPhases({ phases }: Plan, { loopDelayMax = 0 }: HealthEvent, atMs: Ms): string[] {
  const earliestMs = atMs - 2 * HALF_HEALTH_SECOND - loopDelayMax
  return phases.filter(({ startMs, endMs }) => startMs < atMs && endMs > earliestMs).map(({ name }) => name)
}

/** A gateway that ran before tells its past too, of which only a breaker's last state matters, and only if it is not closed. */
function fromLoadStart(transitions: Transition[]): Transition[] {
  const last = new Map(transitions.filter(({ atMs }) => atMs < 0).map((past) => [past.upstream, past]))
  return transitions.filter((told) => told.atMs >= 0 || (last.get(told.upstream) === told && told.to !== 'closed'))
}

function transitionOf(event: TransitionEvent, atMs: Ms): Transition {
  const { type: _, t: __, ...facts } = event
  return { atMs, ...facts }
}
