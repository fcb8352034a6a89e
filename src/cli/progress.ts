// What a person sees while a run goes on: on a terminal one region that is redrawn, elsewhere one line for each event and every ten seconds.
import { styleText } from 'node:util'
import { createLogUpdate } from 'log-update'
import { count, moment, share, span } from '../kernel/wording.ts'
import type { BreakerState } from '../contract/breaker-events.ts'
import type { Plan } from '../plan/plan.ts'
import type { LoadTick } from '../stage/live/load/generator.ts'
import type { Progress } from '../stage/live/options.ts'
import type { Ms } from '../kernel/clock.ts'

export interface ProgressView {
  show(progress: Progress): void
  /** Clears the live region: what follows is the summary. */
  end(): void
}

const LINE_EVERY_SECONDS = 10

export function createProgressView(plan: Plan, stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY && process.env['TERM'] !== 'dumb' ? liveRegion(plan, stream) : lines(plan, stream)
}

function lines(plan: Plan, stream: NodeJS.WriteStream): ProgressView {
  const say = (atMs: Ms, what: string, text: string): void => void stream.write(`${moment(atMs).padStart(7)}  ${what.padEnd(8)} ${text}\n`)
  return {
    show(progress) {
      if (progress.is === 'ready')
        stream.write(`${plan.scenario}: ready after ${moment(progress.afterMs)}, ${moment(plan.durationMs)} to play\n`)
      else if (progress.is === 'phase') say(progress.atMs, 'phase', progress.name)
      else if (progress.is === 'fault') {
        if (progress.event.edge !== 'requested' && progress.event.edge !== 'clear_requested')
          say(progress.atMs, 'fault', faultText(plan, progress))
      } else if (progress.is === 'transition') say(progress.atMs, 'breaker', transitionText(progress))
      else {
        const tick = progress.tick
        if (tick.second > 0 && tick.second % LINE_EVERY_SECONDS === 0) say(tick.second * 1000, 'sample', tickText(tick))
      }
    },
    end() {},
  }
}

function liveRegion(plan: Plan, stream: NodeJS.WriteStream): ProgressView {
  const draw = createLogUpdate(stream)
  const breakers = new Map<string, BreakerState>(
    Object.entries(plan.gateway.upstreams)
      .filter(([, policies]) => policies.breaker)
      .map(([name]) => [name, 'closed']),
  )
  const recent: string[] = []
  let phase = 'starting'
  let tick: LoadTick | undefined
  const redraw = (): void => {
    const atMs = (tick?.second ?? 0) * 1000
    const done = Math.min(1, atMs / plan.durationMs)
    const bar = '█'.repeat(Math.round(done * 24)).padEnd(24, '·')
    draw(
      [
        `${styleText('bold', plan.scenario)}  seed ${plan.seed}  ${bar}  ${moment(atMs)} of ${moment(plan.durationMs)}  ${phase}`,
        `load      ${tick ? tickText(tick) : 'starting the stage'}`,
        `breakers  ${[...breakers].map(([name, state]) => `${name} ${stateText(state)}`).join('   ') || 'none'}`,
        ...recent.map((line) => `          ${line}`),
        styleText('dim', 'Ctrl-C stops the run, undoes the faults and judges what was recorded'),
      ].join('\n'),
    )
  }
  const note = (line: string): void => {
    recent.push(line)
    if (recent.length > 6) recent.shift()
  }
  redraw()
  return {
    show(progress) {
      if (progress.is === 'phase') phase = progress.name
      else if (progress.is === 'tick') tick = progress.tick
      else if (progress.is === 'transition') {
        breakers.set(progress.event.upstream, progress.event.to)
        note(`${moment(progress.atMs)}  ${transitionText(progress)}`)
      } else if (progress.is === 'fault' && !progress.event.edge.endsWith('requested'))
        note(`${moment(progress.atMs)}  ${faultText(plan, progress)}`)
      redraw()
    },
    end() {
      draw.clear()
      draw.done()
    },
  }
}

function stateText(state: BreakerState): string {
  const colour = state === 'closed' ? 'blue' : state === 'open' ? 'red' : 'yellow'
  return styleText(colour, state.toUpperCase().replace('_', '-'))
}

function transitionText({ event }: Progress & { is: 'transition' }): string {
  return `${event.upstream} ${event.from} -> ${event.to}  ${event.cause}`
}

function faultText(plan: Plan, { event }: Progress & { is: 'fault' }): string {
  const planned = plan.faults.find(({ id }) => id === event.fault)
  const kind =
    planned?.fault.made === 'upstream' ? planned.fault.fault.is : planned?.fault.is === 'toxic' ? planned.fault.toxic.type : 'down'
  return `${event.fault} ${planned?.upstream ?? ''} ${kind} ${event.edge}${event.detail ? `: ${event.detail}` : ''}`
}

function tickText({ outcomes, p95, inFlight }: LoadTick): string {
  const total = Object.values(outcomes).reduce((sum, n) => sum + n, 0)
  const shares = Object.entries(outcomes)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${name} ${share(n / total)}`)
  return `${count(total)}/s  ${shares.join('  ') || 'no answers'}  p95 ${p95 === null ? '-' : span(p95)}  in flight ${inFlight}`
}
