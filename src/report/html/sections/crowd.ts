// Saturated phases: the crowd that asked as fast as it was answered, what it got, and how quickly. It is no part of any other figure.
import { outcomeNames } from '../../../contract/outcome.ts'
import type { Saturated } from '../../../evidence/events/saturation.ts'
import { spanAtQuantile } from '../../../evidence/latency-histogram.ts'
import { count, moment, share } from '../../../kernel/wording.ts'
import { figure } from '../../format.ts'
import { oneLine } from '../../plain-text.ts'
import { html, type Element } from '../html.ts'
import { linePath } from '../strip/charts/line.ts'
import type { Section } from './section.ts'

export const crowd: Section = {
  id: 'crowd',
  name: 'Crowd',
  title: 'The crowd of saturated phases',
  render({ evidence: { saturation } }) {
    if (saturation.length === 0) return null
    return html`
      <table class="tiles">
        <caption>
          Connections that ask again as soon as they are answered. Latency is that of good answers, from when a request was sent.
        </caption>
        <thead>
          <tr>
            ${columns.map((name, index) => html`<th scope="col" class=${index === 0 || index === 5 ? 'text' : 'number'}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${saturation.map(row)}
        </tbody>
      </table>
    `
  },
}

const columns = ['phase', 'good answers /s', 'p50', 'p95', 'p99', 'ended', 'never answered']

function row({ phase, connections, lastedMs, answers, perSecond, waiting, refusedUpstream }: Saturated): Element {
  const all = Object.values(answers).reduce((sum, { totalCount }) => sum + totalCount, 0)
  const ended = outcomeNames.flatMap((outcome) => {
    const part = answers[outcome]?.totalCount ?? 0
    return part === 0 ? [] : [`${count(part)} ${outcome.replaceAll('_', ' ')} (${share(part / all)})`]
  })
  const refused = refusedUpstream > 0 ? [`${count(refusedUpstream)} refused by upstreams`] : []
  const sorted = perSecond.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1]
  const spans = [0.5, 0.95, 0.99].map((quantile) => figure(answers.ok && spanAtQuantile(answers.ok, quantile), 'ms'))
  return html`
    <tr class="phase">
      <th scope="row" class="text">
        <span> ${oneLine(phase, 80)}<span class="sub">${count(connections)} connections for ${moment(lastedMs)}</span> </span>
      </th>
      <td class="number" data-label=${columns[1]}>
        <span>
          <b>${median === undefined ? '–' : `${count(median)}/s`}</b>
          ${sorted.length > 1 && html`<span class="sub">${count(sorted[0]!)} to ${count(sorted.at(-1)!)}</span>`} ${sparkline(perSecond)}
        </span>
      </td>
      ${spans.map((text, at) => html`<td class="number" data-label=${columns[at + 2]}><span>${text}</span></td>`)}
      <td class="text half" data-label=${columns[5]}>
        <span>${[...ended, ...refused].map((text) => html`<span class="line">${text}</span>`)}</span>
      </td>
      <td class="number half" data-label=${columns[6]}><span>${count(waiting.totalCount)}</span></td>
    </tr>
  `
}

const [WIDTH, HEIGHT] = [120, 22]

/** Good answers of each second, from 0. */
function sparkline(perSecond: readonly number[]): Element | null {
  if (perSecond.length < 2) return null
  const highest = Math.max(...perSecond, 1)
  const points = perSecond.map((rate, at) => ({
    x: (at / (perSecond.length - 1)) * WIDTH,
    y: HEIGHT - (rate / highest) * (HEIGHT - 2) - 1,
  }))
  return html`
    <svg class="sparkline curves" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
      <path class="achieved" d=${linePath(points)} />
    </svg>
  `
}
