// Chapters of the Markdown summary: what became of each run of a scenario, and of its repeats together.
//
//   headline │ why │ checks that did not hold │ report and replay │ criteria │ phases │ breakers │ timeline │ what passed
import { moment, plural } from '../../kernel/wording.ts'
import type { Finding, Verdict } from '../../judge/verdict.ts'
import { shownPath } from '../../run/bundle/bundle.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import type { Series, SeriesResult, SeriesRun } from '../../run/series.ts'
import { breakerJourneys } from '../breaker-journeys.ts'
import { bound, margin, measured } from '../format.ts'
import { phaseCells, phaseFigures } from '../phase-figures.ts'
import { countsSentence, markOf, marks } from '../result-marks.ts'
import { code, codeBlock, details, table, words } from './markdown-text.ts'
import { timeline } from './timeline.ts'

export interface Chapter {
  result: SeriesResult
  /** The scenario's name, as Markdown. */
  name: string
  /** The result in a few words, as Markdown. */
  facts: string
  /** What there is to say, the most important first. */
  sections: readonly Section[]
}

/** A section as Markdown, made when there is room for it; undefined where there is nothing to say. */
type Section = () => string | undefined

const REASONS = 10
const ROWS = 100
const WHOLE = 1000

/** What the repeats say together comes before each of them. */
export function chaptersOf({ scenario, runs, together }: Series): Chapter[] {
  return [...(together ? [togetherChapter(together)] : []), ...runs.map((run) => runChapter(words(scenario, 60), run))]
}

function togetherChapter({ verdict, path }: NonNullable<Series['together']>): Chapter {
  const seeds = verdict.seeds ?? [verdict.seed]
  return {
    result: verdict.result,
    name: `${words(verdict.scenario, 60)}, ${plural(seeds.length, 'run')} together`,
    facts: `${countsSentence(verdict)}, seeds ${seeds.join(', ')}`,
    sections: [() => reasons(verdict), () => validity(verdict), () => `Verdict: ${code(path)}`, () => open(verdict), () => passed(verdict)],
  }
}

function runChapter(name: string, run: SeriesRun): Chapter {
  if (run.is === 'judged') return { name, ...judgedChapter(run) }
  const facts = `seed ${run.seed}`
  if (run.is === 'not_begun') return { name, result: run.is, facts, sections: [() => words(run.why, WHOLE)] }
  return { name, result: run.is, facts, sections: [() => words(run.error.message, WHOLE), () => `Logs: ${code(shownPath(run.folder))}`] }
}

function judgedChapter({ reportPath, ...run }: JudgedRun & { reportPath: string }): Omit<Chapter, 'name'> {
  const { record, verdict, evidence } = run
  const whole = moment(record.plan.durationMs)
  const length = evidence.end.reason === 'complete' ? whole : `interrupted at ${moment(evidence.end.atMs)} of ${whole}`
  return {
    result: verdict.result,
    facts: [countsSentence(verdict), length, `seed ${record.seed}`].join(', '),
    sections: [
      () => reasons(verdict),
      () => validity(verdict),
      () => `Report: ${code(reportPath)}. To repeat the run:\n\n${codeBlock(record.command.replaceAll(/\s/g, ' '), 'sh')}`,
      () => open(verdict),
      () => phases(run),
      () => breakers(run),
      () => drawn(run),
      () => passed(verdict),
    ],
  }
}

/** What did not pass, each with why and what to do about it. */
function reasons({ findings }: Verdict): string | undefined {
  const unpassed = findings.filter(({ result }) => result !== 'pass')
  if (unpassed.length === 0) return undefined
  const hidden = unpassed.length - REASONS
  const told = unpassed.slice(0, REASONS).map((finding) => {
    const { id, why, sentence, remedy, source } = finding
    const mark = marks[markOf(finding)]
    const place = source === undefined ? '' : ` (${code(`${source.file}:${source.line}`)})`
    const text = `- ${mark.glyph} **${words(id, 12)}** ${mark.word}: ${words(why || sentence, WHOLE)}${place}`
    return remedy === undefined ? text : `${text}\n  Remedy: ${words(remedy, WHOLE)}`
  })
  return [...told, ...(hidden > 0 ? [`- and ${hidden} more`] : [])].join('\n')
}

function validity({ validity: checks }: Verdict): string {
  const unheld = checks.filter(({ ok }) => !ok)
  if (checks.length === 0) return 'No check of the run was made.'
  if (unheld.length === 0) return `All ${checks.length} checks of the run held.`
  const told = unheld.slice(0, REASONS).map(({ sentence, remedy }) => {
    const text = `- ${marks.inconclusive.glyph} ${words(sentence, WHOLE)}`
    return remedy === null ? text : `${text}\n  Remedy: ${words(remedy, WHOLE)}`
  })
  return `${unheld.length} of ${checks.length} checks of the run did not hold:\n\n${told.join('\n')}`
}

/** What did not pass, and near misses. */
function open({ findings }: Verdict): string | undefined {
  const picked = findings.filter((finding) => markOf(finding) !== 'pass')
  return picked.length === 0 ? undefined : `### Criteria\n\n${criteria(picked)}`
}

function passed({ findings }: Verdict): string | undefined {
  const picked = findings.filter((finding) => markOf(finding) === 'pass')
  return picked.length === 0 ? undefined : details(plural(picked.length, 'criterion passed', 'criteria passed'), criteria(picked))
}

function criteria(findings: readonly Finding[]): string {
  const rows = findings
    .slice(0, ROWS)
    .map((finding) => [
      `${marks[markOf(finding)].glyph} ${marks[markOf(finding)].word}`,
      words(finding.id, 12),
      words(finding.sentence),
      words(measured(finding)),
      words(bound(finding)),
      words(margin(finding)),
    ])
  const hidden = findings.length - ROWS
  return table(criterionColumns, rows) + (hidden > 0 ? `\n\nand ${hidden} more, all in the report` : '')
}

const criterionColumns = [
  { name: 'result' },
  { name: 'id' },
  { name: 'criterion' },
  { name: 'measured', align: 'right' },
  { name: 'bound', align: 'right' },
  { name: 'margin', align: 'right' },
] as const

function phases({ record: { plan }, evidence }: JudgedRun): string {
  const judged = plan.phases.filter((phase) => !phase.warmUp)
  const rows = judged.slice(0, ROWS).map(({ name }) => [words(name, 60)].concat(phaseCells(phaseFigures(evidence, [name]))))
  return `### Phases\n\n${table(phaseColumns, rows)}`
}

const phaseColumns = [
  { name: 'phase' },
  ...['requests', 'p50 ms', 'p95 ms', 'p99 ms', 'errors %', 'fallback %', 'attempts/request'].map((name) => ({
    name,
    align: 'right' as const,
  })),
]

function breakers(run: JudgedRun): string | undefined {
  const lines = breakerJourneys(run).map((text) => `- ${words(text, WHOLE)}`)
  return lines.length === 0 ? undefined : `### Breakers\n\n${lines.join('\n')}`
}

function drawn(run: JudgedRun): string | undefined {
  const lines = timeline(run)
  return lines === undefined ? undefined : codeBlock(lines, 'text')
}
