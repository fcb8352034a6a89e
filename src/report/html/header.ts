// The first screen: the verdict as glyph and word, how many criteria passed, and what kind of run this was.
import { html, type Element } from './html.ts'
import { moment, count } from '../../kernel/wording.ts'
import { countsSentence, marks } from '../result-marks.ts'
import type { Evidence } from '../../evidence/evidence.ts'
import { oneLine, plainText } from '../plain-text.ts'
import { standingText } from '../standing.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import type { Section } from './sections/section.ts'

/** The bar that stays in sight; `sections` are the anchors that this page has. */
export function bar({ verdict }: JudgedRun, sections: readonly Pick<Section, 'id' | 'name'>[]): Element {
  const mark = marks[verdict.result]
  return html`
    <header class="bar ${verdict.result}">
      <div class="bar-inner">
        <h1>
          <span class="badge"><span aria-hidden="true">${mark.glyph}</span>${mark.word.toUpperCase()}</span>
          <span>${oneLine(verdict.scenario, 80)}</span>
        </h1>
        <span class="muted">${countsSentence(verdict)}</span>
        <nav aria-label="Sections">${sections.map(({ id, name }) => html`<a href="#${id}">${name}</a>`)}</nav>
      </div>
    </header>
  `
}

export const lead = (run: JudgedRun): Element => html`
  <div class="lead">
    ${interruption(run)} ${run.record.plan.story && html`<p class="story">${plainText(run.record.plan.story, 1000)}</p>`}
    <p class=${isWhole(run) ? 'stands' : 'stands weak'}>
      ${isWhole(run) ? marks.pass.glyph : marks.inconclusive.glyph} ${`${capital(standingText(run.verdict))}. `}<a href="#validity"
        >The checks</a
      >
    </p>
    <ul class="chips" aria-label="About this run">
      ${chips(run).map(([name, value, kind]) => html`<li class=${kind}><b>${name}</b>${oneLine(value, 120)}</li>`)}
    </ul>
  </div>
`

const isWhole = ({ verdict: { validity } }: JudgedRun): boolean => validity.length > 0 && validity.every(({ ok }) => ok)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Why the run ended before its plan did, and which phases it did not reach. */
function interruption({ record: { plan }, evidence: { end } }: JudgedRun): Element | null {
  if (end.reason === 'complete') return null
  const [word, story] = endings[end.reason]
  const missed = plan.phases.filter((phase) => phase.startMs >= end.atMs).map((phase) => phase.name)
  const detail = end.detail ? ` (${oneLine(end.detail)})` : ''
  const facts = [
    `at ${moment(end.atMs)} of ${moment(plan.durationMs)}: partial run, ${story}${detail}.`,
    ...(missed.length > 0 ? [`Not reached: ${oneLine(missed.join(', '))}.`] : []),
  ]
  return html` <p class="banner" role="note"><b>${word}</b> ${facts.join(' ')}</p> `
}

const endings: Record<Exclude<Evidence['end']['reason'], 'complete'>, [word: string, story: string]> = {
  interrupted: ['INTERRUPTED', 'stopped from outside'],
  failed: ['FAILED TO FINISH', 'something the run needs broke'],
  cut: ['CUT SHORT', 'the journal has no end line'],
}

function chips({ record, verdict }: JudgedRun): [name: string, value: string, kind?: string][] {
  const { plan, git } = record
  const peak = Math.max(0, ...plan.load.rate.flatMap((piece) => [piece.startPerSecond, piece.endPerSecond]))
  return [
    ['seed', String(record.seed)],
    ['settings', verdict.settings],
    ['planned', moment(plan.durationMs)],
    ['load', `${count(peak)}/s ${plan.load.arrivals}`],
    ...(record.simulated ? [['stage', 'simulated'] as [string, string]] : []),
    ['gateway', record.gateway.kind === 'reference' ? 'reference' : record.gateway.command],
    ['started', record.startedAt.replace(/\.\d+Z$/, 'Z')],
    ...(git === null ? [] : [['commit', `${git.sha.slice(0, 10)}${git.dirty ? ' + changes' : ''}`] as [string, string]]),
  ]
}
