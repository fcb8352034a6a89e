// Some requests in full: the first of each kind of failure, good ones that were tried again, and the slowest, each as a waterfall.
import type { SampledTrace } from '../../../../evidence/fold/trace-sample.ts'
import { plural } from '../../../../kernel/wording.ts'
import { oneLine } from '../../../plain-text.ts'
import { html, type Element } from '../../html.ts'
import type { Section } from '../section.ts'
import { failureRows, judgedPhases } from '../../../failure-rows.ts'
import { waterfall } from './waterfall.ts'

// Groups that are open when the page is: what is asked first.
const OPEN = 2
const GOOD = 3

export const samples: Section = {
  id: 'samples',
  name: 'Requests',
  title: 'Sample requests',
  render({ record: { plan }, evidence }) {
    const failed = failureRows(plan, evidence).filter(({ anchor }) => anchor !== undefined)
    const phases = judgedPhases(plan)
    const good = (why: SampledTrace['why']): SampledTrace[] =>
      evidence.sample.filter((trace) => trace.why === why && phases.includes(trace.phase))
    const slow = good('slow')
      .toSorted((a, b) => b.endedMs - b.dueMs - (a.endedMs - a.dueMs))
      .slice(0, GOOD)
    const repeated = good('repeated')
      .toSorted((a, b) => a.dueMs - b.dueMs)
      .slice(0, GOOD)
    const groups = [
      ...failed.map(({ anchor, outcome, status, route, samples: traces }) => ({
        anchor: anchor!,
        name: `${anchor} ${outcome.replaceAll('_', ' ')}${status > 0 ? ` ${status}` : ''} to ${oneLine(route, 80)}`,
        traces,
      })),
      ...(repeated.length > 0
        ? [{ anchor: 'repeated', name: 'The first requests that ended ok after more than one attempt', traces: repeated }]
        : []),
      ...(slow.length > 0 ? [{ anchor: 'slowest', name: 'The slowest requests that ended ok', traces: slow }] : []),
    ]
    if (groups.length === 0) return null
    return html`
      <p class="note">
        Each bar is on a scale of its own, from when the request was due to the end of all that it caused. Attempts are as the fakes saw
        them.
      </p>
      ${groups.map(({ anchor, name, traces }, at) => group(anchor, name, traces, at < OPEN))}
    `
  },
}

const group = (anchor: string, name: string, traces: readonly SampledTrace[], open: boolean): Element => html`
  <details class="samples" open=${open}>
    <summary>${name} <span class="muted">${plural(traces.length, 'request')}</span></summary>
    <div id=${anchor} class="waterfalls">${traces.map(waterfall)}</div>
  </details>
`
