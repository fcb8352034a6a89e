// The first screen's answer: the verdict as glyph and word, how many criteria, and what kind of run this was.
import { h, type Element } from '../element.ts'
import { moment, count } from '../../../kernel/wording.ts'
import { countsSentence, marks } from '../../result-marks.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import { oneLine, plainText } from '../../plain-text.ts'
import type { JudgedRun } from '../../../run/judged-run.ts'
import type { Section } from './section.ts'

/** The bar that stays in sight; `sections` are the anchors that this page has. */
export function bar({ verdict }: JudgedRun, sections: readonly [id: string, name: string][]): Element {
  const mark = marks[verdict.result]
  return h(
    'header',
    { class: `bar ${verdict.result}` },
    h(
      'div',
      { class: 'bar-inner' },
      h(
        'h1',
        null,
        h('span', { class: 'badge' }, h('span', { 'aria-hidden': 'true' }, mark.glyph), mark.word.toUpperCase()),
        h('span', null, oneLine(verdict.scenario, 80)),
      ),
      h('span', { class: 'muted' }, countsSentence(verdict.counts)),
      h(
        'nav',
        { 'aria-label': 'Sections' },
        sections.map(([id, name]) => h('a', { href: `#${id}` }, name)),
      ),
    ),
  )
}

export const lead: Section = (run) =>
  h(
    'div',
    { class: 'lead' },
    interruption(run),
    run.record.plan.story && h('p', { class: 'story' }, plainText(run.record.plan.story, 1000)),
    h(
      'ul',
      { class: 'chips', 'aria-label': 'About this run' },
      chips(run).map(([name, value, kind]) => h('li', { class: kind }, h('b', null, name), oneLine(value, 120))),
    ),
  )

/** What stopped the run short of its plan, and what it therefore never got to. */
function interruption({ record: { plan }, evidence: { end } }: JudgedRun): Element | null {
  if (end.reason === 'complete') return null
  const [word, story] = endings[end.reason]
  const missed = plan.phases.filter((phase) => phase.startMs >= end.atMs).map((phase) => phase.name)
  const reached = `at ${moment(end.atMs)} of ${moment(plan.durationMs)}`
  return h(
    'p',
    { class: 'banner', role: 'note' },
    h('b', null, word),
    ` ${reached}: partial run, ${story}${end.detail ? ` (${oneLine(end.detail)})` : ''}.`,
    missed.length > 0 && ` Not reached: ${oneLine(missed.join(', '))}.`,
  )
}

const endings: Record<Exclude<Evidence['end']['reason'], 'complete'>, [word: string, story: string]> = {
  interrupted: ['INTERRUPTED', 'stopped from outside'],
  failed: ['FAILED TO FINISH', 'something the run needs broke'],
  cut: ['CUT SHORT', 'the journal has no end line'],
}

function chips({ record, verdict }: JudgedRun): [name: string, value: string, kind?: string][] {
  const { plan, git } = record
  const failed = verdict.guards.filter((guard) => !guard.ok).length
  const peak = Math.max(0, ...plan.load.rate.flatMap((piece) => [piece.startPerSecond, piece.endPerSecond]))
  return [
    failed === 0
      ? ['validity', `${verdict.guards.length} checks held`]
      : ['validity', `${marks.inconclusive.glyph} ${failed} of ${verdict.guards.length} checks failed`, 'bad'],
    ['seed', String(record.seed)],
    ['settings', verdict.settings],
    ['planned', moment(plan.durationMs)],
    ['load', `${count(peak)}/s ${plan.load.arrivals}`],
    ['gateway', record.gateway.kind === 'reference' ? 'reference' : record.gateway.command],
    ['started', record.startedAt.replace(/\.\d+Z$/, 'Z')],
    ...(git === null ? [] : [['commit', `${git.sha.slice(0, 10)}${git.dirty ? ' + changes' : ''}`] as [string, string]]),
  ]
}
