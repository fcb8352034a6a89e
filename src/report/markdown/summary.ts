// The Markdown summary of all runs of a command line, for the summary of a job, a comment or a file. It keeps to a size: what is left
// out is named.
import { type Series, resultOf } from '../../run/series.ts'
import { marks } from '../result-marks.ts'
import { falseAlertsSentence, seriesCriteria, seriesMarks, verdictsOf } from '../series-result.ts'
import { type Chapter, chaptersOf } from './chapters.ts'
import { table, words } from './markdown-text.ts'

/** A summary of GitHub Actions may hold 1 MiB a step. What is longer than this nobody reads. */
const SUMMARY_BYTES = 64 * 1024

const CHAPTERS = 100
const LEFT_OUT = '_More is in the report._'

/** The whole file, in at most `bytes` bytes of UTF-8. What did not pass comes first; of several scenarios an overview comes before. */
export function renderMarkdown(all: readonly Series[], bytes = SUMMARY_BYTES): string {
  const sorted = all.toSorted((a, b) => worstFirst.indexOf(resultOf(a)) - worstFirst.indexOf(resultOf(b)))
  const chapters = sorted.slice(0, CHAPTERS).flatMap((series) => chaptersOf(series))
  const shown = chapters.slice(0, CHAPTERS)
  const opening = all.length > 1 ? [overview(sorted)] : []
  const closing = shown.length < chapters.length || sorted.length > CHAPTERS ? ['_More runs are in their reports._'] : []
  // Each chapter has its headline, whatever the size; then the first say all that there is room for.
  let room = bytes - [...opening, ...closing, ...shown.map((chapter) => `${headline(chapter)}\n\n${LEFT_OUT}`)].reduce(added, 0)
  const blocks = shown.map((chapter) => {
    const kept = [headline(chapter)]
    for (const make of chapter.sections) {
      const section = make()
      if (section === undefined) continue
      room -= size(section)
      if (room < 0) return [...kept, LEFT_OUT].join('\n\n')
      kept.push(section)
    }
    return kept.join('\n\n')
  })
  return `${[...opening, ...blocks, ...closing].join('\n\n')}\n`
}

const worstFirst: readonly Chapter['result'][] = ['not_played', 'fail', 'inconclusive', 'not_begun', 'pass']

const headline = (chapter: Chapter): string =>
  `## ${shownResult(chapter.result).toUpperCase()}: ${chapter.name}\n\n${capital(chapter.facts)}.`

function overview(all: readonly Series[]): string {
  const passed = all.filter((series) => resultOf(series) === 'pass').length
  const rows = all
    .slice(0, CHAPTERS)
    .map((series) => [shownResult(resultOf(series)), words(series.scenario, 60), words(seriesCriteria(series))])
  const rest = all.length > CHAPTERS ? `\n\nand ${all.length - CHAPTERS} more` : ''
  const alerts = falseAlertsSentence(verdictsOf(all))
  return `**${passed} of ${all.length} scenarios passed**\n\n${table([{ name: 'result' }, { name: 'scenario' }, { name: 'criteria' }], rows)}${rest}${alerts === undefined ? '' : `\n\n${capital(alerts)}.`}`
}

function shownResult(result: Chapter['result']): string {
  const { mark, word } = seriesMarks[result]
  return `${marks[mark].glyph} ${word}`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
// With the blank line that follows it.
const size = (text: string): number => Buffer.byteLength(text) + 2
const added = (sum: number, text: string): number => sum + size(text)
