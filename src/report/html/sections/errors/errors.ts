// Which errors there were, and to whom: kinds, statuses, routes and phases, with how many requests each hit and when.
import { errorOutcomes, outcomes } from '../../../../contract/outcome.ts'
import type { Evidence } from '../../../../evidence/evidence.ts'
import { unreached } from '../../../../criteria/measure/gaps/unreached.ts'
import { count, moment, plural, share } from '../../../../kernel/wording.ts'
import type { Plan } from '../../../../plan/plan.ts'
import { NOTHING } from '../../../format.ts'
import { phaseFigures } from '../../../phase-figures.ts'
import { oneLine } from '../../../plain-text.ts'
import { html, type Element } from '../../html.ts'
import { type Column, table } from '../../table.ts'
import type { Section } from '../section.ts'
import { type FailureRow, failureRows, judgedPhases } from '../../../failure-rows.ts'

// What is rarer is summed below the table.
const ROWS = 30
const CAPTION = 'Not counted: warm-up, probes of claims, saturated phases. A request belongs to the phase in which it was due.'

export const errors: Section = {
  id: 'errors',
  name: 'Errors',
  title: 'Which errors, to whom',
  render({ record: { plan }, evidence }) {
    const rows = failureRows(plan, evidence)
    return html`
      ${sentences(plan, evidence, rows).map((text) => html`<p class="note">${text}</p>`)}
      ${rows.length > 0 && table(columns, rows.slice(0, ROWS).map(row), { caption: CAPTION })}
      ${rows.length > ROWS && html`<p class="note">${restText(rows.slice(ROWS))}</p>`}
    `
  },
}

const columns: Column[] = [
  ['kind', 'text'],
  ['status', 'number'],
  ['route', 'text'],
  ['requests', 'number'],
  ['of the route', 'number'],
  ['in', 'text'],
  ['due from, to', 'number'],
]

function sentences(plan: Plan, evidence: Evidence, rows: readonly FailureRow[]): string[] {
  const phases = judgedPhases(plan)
  const { requests } = phaseFigures(evidence, phases)
  if (requests === 0) return ['No judged request ended, so nothing is known of errors.']
  const [failed, served] = [rows.filter(isError), rows.filter((each) => !isError(each))].map(total) as [number, number]
  const fallbacks = served > 0 ? ` ${plural(served, 'request')} (${share(served / requests)}) got a fallback.` : ''
  const hints = unreached({ plan, evidence }).map(({ why, remedy }) => oneLine(`Note: ${why}; ${remedy}.`, 400))
  const absorbed = absorbedText(evidence, phases, failed)
  if (failed === 0) return [`None of ${plural(requests, 'judged request')} failed.${fallbacks}`, ...absorbed]
  const worst = rows.filter(isError).slice(0, 3).map(kindText)
  return [
    `${count(failed)} of ${plural(requests, 'judged request')} failed (${share(failed / requests)}): ${worst.join('; ')}${rows.filter(isError).length > 3 ? '; and more below' : ''}.${fallbacks}`,
    ...hints,
    ...absorbed,
  ]
}

/** "780 × upstream error 503 to gemini.generate, most of them in outage" */
function kindText({ outcome, status, route, count: hit, phases }: FailureRow): string {
  const most = phases.toSorted((a, b) => b.count - a.count)[0]!
  const where = phases.length === 1 ? `in ${most.phase}` : `most of them in ${most.phase}`
  const code = status > 0 ? ` ${status}` : ''
  return oneLine(`${count(hit)} × ${outcome.replaceAll('_', ' ')}${code} to ${route}, ${where}`, 200)
}

/** How much of what upstreams did wrong reached clients. */
function absorbedText({ answers }: Evidence, phases: readonly string[], failed: number): string[] {
  const judged = answers.filter(({ phase }) => phases.includes(phase))
  const bad = judged.reduce((sum, { ended, good }) => sum + ended - good, 0)
  if (bad === 0) return []
  const by = [...new Set(judged.map(({ upstream }) => upstream))].flatMap((upstream) => {
    const own = judged.filter((cell) => cell.upstream === upstream).reduce((sum, { ended, good }) => sum + ended - good, 0)
    return own > 0 ? [`${upstream} ${count(own)}`] : []
  })
  return [oneLine(`Upstreams answered ${plural(bad, 'attempt')} badly (${by.join(', ')}); ${plural(failed, 'client request')} failed.`)]
}

function row(failure: FailureRow): Element {
  const { anchor, outcome, status, error, route, asked, phases, firstMs, lastMs } = failure
  const kind = outcome.replaceAll('_', ' ')
  return html`
    <tr class=${isError(failure) ? 'fail' : 'warning'}>
      <th scope="row" class="text">
        <span>
          ${anchor === undefined ? html`<b>${kind}</b>` : html`<a href="#${anchor}">${kind}</a>`}
          ${error !== '' && error !== outcome && html`<span class="sub"><code>${oneLine(error, 80)}</code></span>`}
          <span class="sub">${outcomes[outcome]}</span>
        </span>
      </th>
      <td class="number" data-label=${columns[1]![0]}><span>${status === 0 ? NOTHING : status}</span></td>
      <td class="text route half" data-label=${columns[2]![0]}><span>${oneLine(route, 80)}</span></td>
      <td class="number" data-label=${columns[3]![0]}><span>${count(failure.count)}</span></td>
      <td class="number" data-label=${columns[4]![0]}><span>${asked === 0 ? NOTHING : share(failure.count / asked)}</span></td>
      <td class="text half" data-label=${columns[5]![0]}><span>${phases.map(phaseText)}</span></td>
      <td class="number half" data-label=${columns[6]![0]}><span>${moment(firstMs, 2)}, ${moment(lastMs, 2)}</span></td>
    </tr>
  `
}

const phaseText = ({ phase, count: hit, asked }: FailureRow['phases'][number]): Element =>
  html`<span class="line">${oneLine(phase, 40)} ${count(hit)}${asked > 0 && html`<span class="muted"> of ${count(asked)}</span>`}</span>`

function restText(rest: readonly FailureRow[]): string {
  return `And ${plural(total(rest), 'request')} of ${plural(rest.length, 'rarer kind')}.`
}

const isError = ({ outcome }: FailureRow): boolean => errorOutcomes.includes(outcome)
const total = (rows: readonly FailureRow[]): number => rows.reduce((sum, each) => sum + each.count, 0)
