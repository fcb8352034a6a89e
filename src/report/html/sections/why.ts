// Why the run did not pass: a card for each finding that did not, worst first, then for each check that weakened the run.
import { html, type Element } from '../html.ts'
import type { Finding, ValidityCheck, Verdict } from '../../../judge/verdict.ts'
import { count } from '../../../kernel/wording.ts'
import { bound, figure, interval, margin, measured, windowText } from '../../format.ts'
import { markOf, marks } from '../../result-marks.ts'
import { oneLine } from '../../plain-text.ts'
import { standingText } from '../../standing.ts'
import { windowAnchor } from '../strip/lanes/criterion-lanes.ts'
import type { Section } from './section.ts'

const CARDS = 5

export const why: Section = {
  id: 'why',
  name: 'Why',
  title: 'Why',
  render({ verdict }) {
    const open = verdict.findings.filter((finding) => finding.result !== 'pass')
    if (verdict.result === 'pass' && open.length === 0) return null
    const weak = verdict.validity.filter((check) => !check.ok)
    const hidden = open.length - CARDS
    return html`
      <div class="whys">
        ${open.slice(0, CARDS).map(findingCard)}
        ${hidden > 0 && html`<p class="muted">${hidden} more in the <a href="#verdict">verdict table</a>.</p>`}
        ${weak.length > 0 && checksCard(verdict, weak)}
      </div>
    `
  },
}

function findingCard(finding: Finding): Element {
  const range = interval(finding)
  const mark = markOf(finding)
  return html`
    <article class="card ${mark}">
      <h3 class="result">${marks[mark].glyph} ${marks[mark].word} <a href="#${finding.id}">${finding.id}</a></h3>
      <p class="reason">${sentence(oneLine(finding.why || finding.sentence, 1000))}</p>
      ${finding.remedy && html`<p class="muted">Remedy: ${oneLine(finding.remedy, 1000)}</p>`}
      <p class="muted">
        Demanded: ${oneLine(finding.sentence)}.
        ${finding.window !== null && html` <a href="#${windowAnchor(finding)}">When: ${oneLine(windowText(finding.window), 120)}</a>`}
      </p>
      <dl>
        ${pair('measured', measured(finding), 'measured')} ${range && pair('95 % bounds', range)} ${pair('bound', bound(finding))}
        ${pair('margin', margin(finding))}
        ${pair(
          'samples',
          finding.needsMore === undefined ? count(finding.n) : `${count(finding.n)}, needs about ${count(finding.needsMore)} more`,
        )}
      </dl>
    </article>
  `
}

/** All checks that did not hold as one card: what a reader asks of them is one question. */
function checksCard(verdict: Verdict, weak: readonly ValidityCheck[]): Element {
  return html`
    <article class="card checks inconclusive">
      <h3 class="result">${marks.inconclusive.glyph} <a href="#validity">validity</a></h3>
      <p class="reason">${sentence(standingText(verdict))}</p>
      <ul class="remarks">
        ${weak.map((check) => html`<li>${`${sentence(oneLine(check.sentence))} `}<span class="muted">${besideText(check)}</span></li>`)}
      </ul>
    </article>
  `
}

function besideText({ bound: limit, unit, remedy }: ValidityCheck): string {
  const facts = [limit === null ? '' : `Bound: ${figure(limit, unit)}.`, remedy === null ? '' : `Remedy: ${oneLine(remedy, 1000)}`]
  return facts.filter(Boolean).join(' ')
}

function pair(name: string, value: string, kind?: string): Element[] {
  return [html`<dt>${name}</dt>`, html`<dd class=${kind}>${value}</dd>`]
}

/** A finding's text follows a colon elsewhere; here it is a sentence. A term such as p95 keeps its small letter. */
function sentence(text: string): string {
  const start = /^\p{L}{2}/u.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0)
  return `${start}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`
}
