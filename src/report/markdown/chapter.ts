// A chapter of the Markdown summary: what became of one scenario. A chapter is made when its run ends, so that no evidence is kept.
//
//   headline │ why │ checks that did not hold │ report and replay │ criteria │ phases │ breakers │ timeline │ what passed
import { moment, plural } from '../../kernel/wording.ts'
import type { Finding, Verdict } from '../../judge/verdict.ts'
import type { Result } from '../../criteria/finding/raw-finding.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { breakerJourneys } from '../breaker-journeys.ts'
import { bound, margin, measured } from '../format.ts'
import { phaseCells, phaseFigures } from '../phase-figures.ts'
import { countsSentence, markOf, marks } from '../result-marks.ts'
import { code, codeBlock, details, table, words } from './markdown-text.ts'
import { timeline } from './timeline.ts'

export interface Chapter {
  /** `not_played`: the load never began. */
  result: Result | 'not_played'
  /** The scenario's name, as Markdown. */
  name: string
  /** The result in a few words, as Markdown. */
  facts: string
  /** What there is to say, the most important first. */
  sections: string[]
}

const REASONS = 10
const ROWS = 100
const WHOLE = 1000

/** Of a run that was judged; `reportPath` is where its page is, as it is to be shown. */
export function runChapter({ reportPath, ...run }: JudgedRun & { reportPath: string }): Chapter {
  const { record, verdict, evidence } = run
  const { durationMs } = record.plan
  const length =
    evidence.end.reason === 'complete' ? moment(durationMs) : `interrupted at ${moment(evidence.end.atMs)} of ${moment(durationMs)}`
  const drawn = timeline(run)
  return {
    result: verdict.result,
    name: words(verdict.scenario, 60),
    facts: [countsSentence(verdict), length, `seed ${record.seed}`].join(', '),
    sections: [
      ...reasons(verdict),
      validity(verdict),
      `Report: ${code(reportPath)}. To repeat the run:\n\n${codeBlock(record.command.replaceAll(/\s/g, ' '), 'sh')}`,
      ...criteria(verdict, (finding) => markOf(finding) !== 'pass').map((rows) => `### Criteria\n\n${rows}`),
      phases(run),
      `Breakers:\n\n${breakerJourneys(run)
        .map((text) => `- ${words(text, WHOLE)}`)
        .join('\n')}`,
      ...(drawn === undefined ? [] : [codeBlock(drawn, 'text')]),
      ...criteria(verdict, (finding) => markOf(finding) === 'pass').map((rows) =>
        details(plural(passedIn(verdict), 'criterion passed', 'criteria passed'), rows),
      ),
    ],
  }
}

/** Of the repeats of a scenario, judged together; `path` is that of their verdict, as it is to be shown. */
export function togetherChapter({ verdict, path }: { verdict: Verdict; path: string }): Chapter {
  const seeds = verdict.seeds ?? [verdict.seed]
  return {
    result: verdict.result,
    name: `${words(verdict.scenario, 60)}, ${plural(seeds.length, 'run')} together`,
    facts: `${countsSentence(verdict)}, seeds ${seeds.join(', ')}`,
    sections: [
      ...reasons(verdict),
      validity(verdict),
      `Verdict: ${code(path)}`,
      ...criteria(verdict, (finding) => markOf(finding) !== 'pass'),
      ...criteria(verdict, (finding) => markOf(finding) === 'pass').map((rows) =>
        details(plural(passedIn(verdict), 'criterion passed', 'criteria passed'), rows),
      ),
    ],
  }
}

/** Of a run that could not be played; `logs` is the folder of what its processes said, as it is to be shown. */
export function unplayedChapter({ scenario, why, logs }: { scenario: string; why: string; logs: string }): Chapter {
  return {
    result: 'not_played',
    name: words(scenario, 60),
    facts: 'could not be played',
    sections: [words(why, WHOLE), `Logs: ${code(logs)}`],
  }
}

/** What did not pass, each with why and what to do about it. */
function reasons({ findings }: Verdict): string[] {
  const open = findings.filter(({ result }) => result !== 'pass')
  if (open.length === 0) return []
  const hidden = open.length - REASONS
  const told = open.slice(0, REASONS).map((finding) => {
    const { id, why, sentence, remedy, source } = finding
    const mark = marks[markOf(finding)]
    const place = source === undefined ? '' : ` (${code(`${source.file}:${source.line}`)})`
    const text = `- ${mark.glyph} **${words(id, 12)}** ${mark.word}: ${words(why || sentence, WHOLE)}${place}`
    return remedy === undefined ? text : `${text}\n  Remedy: ${words(remedy, WHOLE)}`
  })
  return [[...told, ...(hidden > 0 ? [`- and ${hidden} more`] : [])].join('\n')]
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

/** The table of those that `pick` names; none where there is none. */
function criteria({ findings }: Verdict, pick: (finding: Finding) => boolean): string[] {
  const picked = findings.filter(pick)
  if (picked.length === 0) return []
  const rows = picked
    .slice(0, ROWS)
    .map((finding) => [
      `${marks[markOf(finding)].glyph} ${marks[markOf(finding)].word}`,
      words(finding.id, 12),
      words(finding.sentence),
      words(measured(finding)),
      words(bound(finding)),
      words(margin(finding)),
    ])
  const hidden = picked.length - ROWS
  return [table(criterionColumns, rows) + (hidden > 0 ? `\n\nand ${hidden} more, all in the report` : '')]
}

const criterionColumns = [
  { name: 'result' },
  { name: 'id' },
  { name: 'criterion' },
  { name: 'measured', align: 'right' },
  { name: 'bound', align: 'right' },
  { name: 'margin', align: 'right' },
] as const

const passedIn = ({ findings }: Verdict): number => findings.filter((finding) => markOf(finding) === 'pass').length

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
