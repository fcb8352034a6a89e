// What a person sees while a run goes on, as a fold of its events: on a terminal one region that is redrawn, elsewhere one line for
// each event and one for the load every ten seconds.
import { styleText } from 'node:util'
import { createLogUpdate } from 'log-update'
import { type BreakerState, stateWord } from '../contract/breaker-events.ts'
import type { EventOf } from '../evidence/event-sink.ts'
import type { FaultEvent, LoadEvent, TransitionEvent } from '../evidence/events.ts'
import { familyOf } from '../faults/families.ts'
import { targetOf } from '../faults/fault.ts'
import { type Ms, realClock } from '../kernel/clock.ts'
import { count, moment, share, span } from '../kernel/wording.ts'
import type { Plan } from '../plan/plan.ts'
import { oneLine } from '../report/plain-text.ts'

/** The types of events that a view is shown. */
export const progressEvents = ['run', 'phase', 'fault', 'transition', 'load', 'note'] as const
export type ProgressEvent = EventOf<(typeof progressEvents)[number]>

export interface ProgressView extends Disposable {
  show(event: ProgressEvent): void
  /** Clears the live region: what follows is the summary. */
  end(): void
}

const LINE_EVERY_SECONDS = 10
const RECENT_LINES = 6

export function createProgressView(plan: Plan, stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY && process.env['TERM'] !== 'dumb' ? liveRegion(plan, stream) : lines(plan, stream)
}

function lines(plan: Plan, stream: NodeJS.WriteStream): ProgressView {
  const began = realClock.now()
  let origin: Ms = began
  let sampled = 0
  const say = (t: Ms, what: string, text: string): void =>
    void stream.write(`${moment(t - origin).padStart(7)}  ${what.padEnd(8)} ${text}\n`)
  const nothing = (): void => {}
  return {
    show(event) {
      if (event.type === 'run') {
        origin = event.origin
        stream.write(`${oneLine(plan.scenario)}: ready after ${moment(origin - began)}, ${moment(plan.durationMs)} to play\n`)
      } else if (event.type === 'phase') {
        if (event.edge === 'start') say(event.t, 'phase', oneLine(event.phase))
      } else if (event.type === 'fault') {
        if (isDone(event)) say(event.t, 'fault', faultText(plan, event))
      } else if (event.type === 'transition') say(event.t, 'breaker', transitionText(event))
      else if (event.type === 'note') say(event.t, 'note', oneLine(event.text))
      else {
        const second = secondOf(event, origin)
        if (second === sampled || second % LINE_EVERY_SECONDS !== 0) return
        sampled = second
        say(event.t, 'sample', loadText(event))
      }
    },
    end: nothing,
    [Symbol.dispose]: nothing,
  }
}

function liveRegion(plan: Plan, stream: NodeJS.WriteStream): ProgressView {
  const draw = createLogUpdate(stream)
  // Undefined: nobody tells. A gateway that reports its transitions begins closed.
  const breakers = new Map<string, BreakerState | undefined>(
    Object.entries(plan.gateway.upstreams)
      .filter(([, policies]) => policies.breaker)
      .map(([name]) => [name, undefined]),
  )
  let isTold = true
  const recent: string[] = []
  let origin: Ms = 0
  let phase = 'starting'
  let load: LoadEvent | undefined
  const redraw = (): void => {
    const atMs = load ? secondOf(load, origin) * 1000 : 0
    const done = Math.min(1, atMs / plan.durationMs)
    const bar = '█'.repeat(Math.round(done * 24)).padEnd(24, '·')
    draw(
      [
        `${styleText('bold', oneLine(plan.scenario))}  seed ${plan.seed}  ${bar}  ${moment(atMs)} of ${moment(plan.durationMs)}  ${phase}`,
        `load      ${load ? loadText(load) : 'starting the stage'}`,
        `breakers  ${[...breakers].map(([name, state]) => `${oneLine(name)} ${stateText(state)}`).join('   ') || 'none'}`,
        ...recent.map((line) => `          ${line}`),
        styleText('dim', 'Ctrl-C stops the run, undoes the faults and judges what was recorded'),
      ].join('\n'),
    )
  }
  const note = (t: Ms, line: string): void => {
    recent.push(`${moment(t - origin)}  ${line}`)
    if (recent.length > RECENT_LINES) recent.shift()
  }
  redraw()
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    draw.clear()
    draw.done()
  }
  return {
    show(event) {
      if (event.type === 'run') {
        origin = event.origin
        if (isTold) for (const name of breakers.keys()) breakers.set(name, 'closed')
      } else if (event.type === 'phase') {
        if (event.edge === 'start') phase = oneLine(event.phase)
      } else if (event.type === 'load') load = event
      else if (event.type === 'transition') {
        breakers.set(event.upstream, event.to)
        note(event.t, transitionText(event))
      } else if (event.type === 'note') {
        if (event.code === 'events_unavailable') isTold = false
        note(event.t, oneLine(event.text))
      } else if (isDone(event)) note(event.t, faultText(plan, event))
      redraw()
    },
    end,
    [Symbol.dispose]: end,
  }
}

/** A request to inject or clear is followed by what came of it, which is what a person wants to know. */
const isDone = ({ edge }: FaultEvent): boolean => edge !== 'requested' && edge !== 'clear_requested'
const secondOf = ({ t }: LoadEvent, origin: Ms): number => Math.round((t - origin) / 1000)

function stateText(state: BreakerState | undefined): string {
  if (state === undefined) return styleText('dim', 'not told')
  const colour = state === 'closed' ? 'blue' : state === 'open' ? 'red' : 'yellow'
  return styleText(colour, stateWord(state).toUpperCase())
}

function transitionText(event: TransitionEvent): string {
  return oneLine(`${event.upstream} ${stateWord(event.from)} -> ${stateWord(event.to)}`) + (event.cause && `  ${oneLine(event.cause)}`)
}

function faultText(plan: Plan, event: FaultEvent): string {
  const planned = plan.faults.find(({ id }) => id === event.fault)
  const what = planned && `${targetOf(planned)} ${familyOf(planned.fault).name(planned.fault)} `
  return oneLine(`${event.fault} ${what ?? ''}${event.edge}${event.detail ? `: ${event.detail}` : ''}`)
}

function loadText({ last, inFlight }: LoadEvent): string {
  const { outcomes = {}, p95 = null } = last ?? {}
  const total = Object.values(outcomes).reduce((sum, n) => sum + n, 0)
  const shares = Object.entries(outcomes)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${name} ${share(n / total)}`)
  return `${count(total)}/s  ${shares.join('  ') || 'no answers'}  p95 ${p95 === null ? '-' : span(p95)}  in flight ${inFlight}`
}
