// Exact values under the pointer, or under a cursor that the arrow keys move: a radio button for each interval, which browsers know how
// to move, to name and to point at, without a script. A strip of invisible labels lies over the charts.
import { html, type Element } from '../html.ts'
import { outcomeNames } from '../../../contract/outcome.ts'
import { stateWord } from '../../../contract/breaker-events.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Ms } from '../../../kernel/clock.ts'
import { count, fixed, moment, span } from '../../../kernel/wording.ts'
import type { Plan } from '../../../plan/plan.ts'
import { oneLine } from '../../plain-text.ts'
import type { FaultBar } from './lanes/fault-lanes.ts'
import { type Bucket, total } from './strip-buckets.ts'

/** Each takes about 200 bytes of the page. */
export const MOST_STOPS = 240

// Of an interval: more would not fit in two lines.
const UPSTREAMS = 4

interface Scene {
  plan: Plan
  evidence: Evidence
  faults: readonly FaultBar[]
}

export function cursor(stops: readonly Bucket[], scene: Scene): Element {
  const last = stops.at(-1)?.toMs ?? 0
  const width = stops[0] ? stops[0].toMs - stops[0].fromMs : 1
  return html`
    <fieldset class="cursor">
      <legend>Values of each interval: point at a time, or choose one with the arrow keys</legend>
      ${stops.map(
        (stop) => html`
          <label style=${grow(stop.toMs - stop.fromMs, width)}><input type="radio" name="at" /><span>${values(stop, scene)}</span></label>
        `,
      )}
      ${last < scene.plan.durationMs && html`<span style=${grow(scene.plan.durationMs - last, width)}></span>`}
    </fieldset>
  `
}

/** All are as wide as the first one, but for the last. */
const grow = (lengthMs: Ms, widthMs: Ms): string | undefined =>
  lengthMs === widthMs ? undefined : `flex-grow:${Math.round((lengthMs / widthMs) * 1000) / 1000}`

function values(stop: Bucket, { plan, evidence, faults }: Scene): Element {
  const { fromMs, toMs } = stop
  const phase = plan.phases.findLast(({ startMs }) => startMs <= fromMs)?.name ?? ''
  const on = faults.filter(({ observed }) => observed !== null && observed.fromMs < toMs && observed.toMs > fromMs).map(({ id }) => id)
  const facts = [
    oneLine(phase, 40),
    on.length > 0 ? `${on.length > 3 ? `${on.length} faults` : on.join(', ')} on` : '',
    ...breakers(evidence, toMs),
  ]
  return html`<b>${moment(fromMs, 2)} to ${moment(toMs, 2)}</b> ${facts.filter(Boolean).join(', ')}<br />${figures(stop)}`
}

function figures(stop: Bucket): string {
  const seconds = (stop.toMs - stop.fromMs) / 1000
  const rate = (requests: number): string => `${count(requests / seconds)}/s`
  const ended = outcomeNames.flatMap((name) =>
    stop.outcomes[name] > 0 ? [`${count(stop.outcomes[name])} ${name.replaceAll('_', ' ')}`] : [],
  )
  const latency = stop.p50 === null ? '' : `ok p50 ${span(stop.p50)}, p95 ${span(stop.p95 ?? 0)}, p99 ${span(stop.p99 ?? 0)}`
  const attempts = Object.entries(stop.attempts)
    .slice(0, UPSTREAMS)
    .flatMap(([upstream, each]) => (each === null ? [] : [`${oneLine(upstream, 20)} ${fixed(each, 2)}×`]))
  return [
    ended.length === 0 ? 'no request ended' : ended.join(', '),
    latency,
    `offered ${rate(stop.offered)}, achieved ${rate(total(stop))}`,
    attempts.length > 0 ? `attempts ${attempts.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The breakers that were not closed at a time. */
function breakers({ transitions }: Evidence, atMs: Ms): string[] {
  const states = new Map<string, string>()
  for (const { upstream, to, atMs: when } of transitions)
    if (when < atMs) states.set(upstream, to === 'closed' ? '' : stateWord(to).toUpperCase())
  return [...states].flatMap(([upstream, state]) => (state === '' ? [] : [`${oneLine(upstream, 20)} ${state}`]))
}
