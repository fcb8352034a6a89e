// The incident on one screen: phases, faults, breakers, latency, outcomes, load and attempts on one time axis.
import { html, type Element } from '../html.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { Finding } from '../../../judge/verdict.ts'
import { familyOf } from '../../../faults/families.ts'
import { targetOf } from '../../../faults/fault.ts'
import { moment } from '../../../kernel/wording.ts'
import { isInferred, timeOf, whyInferred } from '../../inferred.ts'
import { oneLine } from '../../plain-text.ts'
import type { JudgedRun } from '../../../run/judged-run.ts'
import type { Section } from './section.ts'
import { attemptsChart } from '../strip/charts/attempts-chart.ts'
import { breakerLanes, type BreakerLane } from '../strip/lanes/breaker-lanes.ts'
import { criterionLanes, failedSpans } from '../strip/lanes/criterion-lanes.ts'
import { MOST_STOPS, cursor } from '../strip/cursor.ts'
import { faultLanes, type FaultBar } from '../strip/lanes/fault-lanes.ts'
import { chart } from '../strip/charts/chart-figure.ts'
import { GUTTER, LABELS, frame, timeAxis, type Frame } from '../strip/frame.ts'
import { latencyChart } from '../strip/charts/latency-chart.ts'
import { outcomeChart } from '../strip/charts/outcome-chart.ts'
import { patterns } from '../strip/patterns.ts'
import { phaseLane } from '../strip/lanes/phase-lane.ts'
import { rateChart } from '../strip/charts/rate-chart.ts'
import { buckets, reached } from '../strip/strip-buckets.ts'

export const incident: Section = {
  id: 'incident',
  name: 'Incident',
  title: 'Incident',
  render(run) {
    const { plan } = run.record
    const faults = plan.faults.map((fault) => faultBar(fault, run.evidence))
    const shades = faults.map(({ observed, planned }) => observed ?? planned)
    const { findings } = run.verdict
    const on = frame(plan.durationMs, { shades, failed: failedSpans(findings, plan.durationMs) }, reached(plan, run.evidence))
    const fine = buckets(plan, run.evidence, 250)
    const coarse = buckets(plan, run.evidence, 1000)
    const stops = buckets(plan, run.evidence, Math.max(250, plan.durationMs / MOST_STOPS))
    const faulted = [...new Set(plan.faults.flatMap(({ upstream }) => upstream ?? []))]
    return html`
      ${
        run.evidence.requests.length === 0 &&
        html`<p class="note">No request completed: the charts below are empty because there was nothing to draw.</p>`
      }
      ${patterns(on)}
      <div class="strip" tabindex="0" role="region" aria-label="Incident strip">
        <div class="strip-inner" style="--gutter:${GUTTER}px;--labels:${LABELS}px">
          ${lanes(on, run, faults)} ${latencyChart(on, fine, findings, run.evidence.series)} ${outcomeChart(on, fine, findings)}
          ${rateChart(on, coarse)} ${attemptsChart(on, coarse, faulted.length > 0 ? faulted : Object.keys(plan.upstreams), findings)}
          ${timeAxis(on)} ${stops.length > 0 && cursor(stops, { plan, evidence: run.evidence, faults })}
        </div>
      </div>
      ${findings.length > 0 && criteriaStrip(on, findings)}
    `
  },
}

/** When each criterion was judged, on the same axis. */
const criteriaStrip = (on: Frame, findings: readonly Finding[]): Element => html`
  <div class="strip criteria" tabindex="0" role="region" aria-label="Criteria and their windows">
    <div class="strip-inner" style="--gutter:${GUTTER}px;--labels:${LABELS}px">
      <p class="strip-caption"><b>Criteria</b> Each over the time that it was judged in. A failed one is hatched, here and above.</p>
      ${criterionLanes(on, findings, 'criteria')} ${timeAxis(on)}
    </div>
  </div>
`

function lanes(on: Frame, run: JudgedRun, faults: readonly FaultBar[]): Element {
  const { record } = run
  const breakers = Object.keys(record.plan.upstreams).map((upstream) => breakerLane(upstream, run))
  return chart(
    'Phases, faults, breakers',
    sentence(faults, run),
    [phaseLane(on, record.plan.phases), ...faultLanes(on, faults), ...breakerLanes(on, breakers)],
    {
      columns: ['fault', 'upstream', 'what', 'planned', 'observed'],
      rows: faults.map((fault) => [
        fault.id,
        oneLine(fault.upstream, 40),
        oneLine(fault.words, 80),
        `${moment(fault.planned.fromMs)} to ${moment(fault.planned.toMs)}`,
        fault.observed ? `${moment(fault.observed.fromMs, 2)} to ${moment(fault.observed.toMs, 2)}` : 'never seen',
      ]),
    },
  )
}

function sentence(faults: readonly FaultBar[], run: JudgedRun): string {
  const { evidence } = run
  if (faults.length === 0 && evidence.transitions.length === 0) return 'No fault was scheduled and no breaker moved.'
  const ofProbes = new Set(run.record.plan.faults.flatMap(({ id, fault }) => (fault.made === 'request' && fault.hits.probe ? [id] : [])))
  // A claim's probes have faults of their own; the story's tell what happened.
  const ofStory = faults.filter(({ id }) => !ofProbes.has(id))
  const first = (ofStory.length > 0 ? ofStory : faults).map((fault) => {
    const seen =
      fault.observed === null
        ? 'was never seen to act'
        : fault.observed.bitten
          ? `bit at ${moment(fault.observed.fromMs, 2)}`
          : 'was set, but not seen to bite'
    return `${fault.id} ${seen}`
  })
  const why = whyInferred(run)
  const opened = evidence.transitions.find((transition) => transition.to === 'open')
  const last = evidence.transitions.findLast((transition) => transition.to === 'closed')
  return `${[
    ...first.slice(0, 3),
    opened &&
      `the breaker of ${oneLine(opened.upstream, 40)} opened at ${timeOf(opened, 2)}${opened.between ? ', as its traffic shows' : ''}`,
    opened && (last && last.atMs > opened.atMs ? `${oneLine(last.upstream, 40)} closed at ${timeOf(last, 2)}` : 'it has not closed again'),
    !opened && (why === undefined ? 'no breaker opened' : `${why}, and its traffic shows no breaker that opened`),
  ]
    .filter(Boolean)
    .join('; ')}.`
}

/** The solid bar begins at the first bite or, where none was seen, at the acknowledgement. A fault that was never set has no solid bar. */
function faultBar(planned: Plan['faults'][number], evidence: Evidence): FaultBar {
  const seen = evidence.faults.find((fault) => fault.id === planned.id)
  const from = seen?.bitMs ?? seen?.acknowledgedMs ?? null
  const to = seen?.clearedMs ?? seen?.clearRequestedMs ?? Math.min(planned.endMs, evidence.end.atMs)
  return {
    id: planned.id,
    upstream: targetOf(planned),
    words: familyOf(planned.fault).words(planned.fault),
    planned: { fromMs: planned.startMs, toMs: planned.endMs },
    observed: from === null ? null : { fromMs: from, toMs: Math.max(from, to), bitten: (seen?.bitMs ?? null) !== null },
  }
}

function breakerLane(upstream: string, run: JudgedRun): BreakerLane {
  const { record, evidence } = run
  const inferred = isInferred(run, upstream)
  const own = evidence.transitions.filter((transition) => transition.upstream === upstream)
  if (own.length === 0 && inferred) return { upstream, states: 'unknown' }
  if (record.gateway.kind === 'reference' && record.plan.gateway.upstreams[upstream]?.breaker === undefined)
    return { upstream, states: 'none' }
  const end = reached(record.plan, evidence)
  const edges = [{ atMs: 0, to: own[0]?.from ?? ('closed' as const), cause: '' }, ...own]
  return {
    upstream,
    inferred,
    states: edges
      .map((edge, index) => ({ state: edge.to, fromMs: edge.atMs, toMs: edges[index + 1]?.atMs ?? end, cause: edge.cause }))
      .filter((span) => span.toMs > span.fromMs),
  }
}
