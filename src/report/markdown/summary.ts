// The Markdown summary: of one run or many, for the summary of a job, a comment or a file. It keeps to a size: what is left out is named.
import type { Result } from '../../criteria/finding/raw-finding.ts'
import { marks } from '../result-marks.ts'
import type { Chapter } from './chapter.ts'
import { table } from './markdown-text.ts'

/** A summary of GitHub Actions may hold 1 MiB a step. What is longer than this nobody reads. */
const SUMMARY_BYTES = 64 * 1024

const CHAPTERS = 100
const LEFT_OUT = '_More is in the report._'

/** The whole file, in at most `bytes` bytes of UTF-8. Worst first; of several runs an overview comes before. */
export function renderMarkdown(chapters: readonly Chapter[], bytes = SUMMARY_BYTES): string {
  const sorted = chapters.toSorted((a, b) => worstFirst.indexOf(a.result) - worstFirst.indexOf(b.result))
  const shown = sorted.slice(0, CHAPTERS)
  const opening = sorted.length > 1 ? [overview(sorted)] : []
  const closing = sorted.length > CHAPTERS ? [`and ${sorted.length - CHAPTERS} more`] : []
  // Each chapter has its headline, whatever the size; then the worst say all that there is room for.
  let room = bytes - [...opening, ...closing, ...shown.map((chapter) => `${headline(chapter)}\n\n${LEFT_OUT}`)].reduce(added, 0)
  const blocks = shown.map((chapter) => {
    const kept: string[] = []
    for (const section of chapter.sections) {
      if (size(section) > room) break
      room -= size(section)
      kept.push(section)
    }
    return [headline(chapter), ...kept, ...(kept.length < chapter.sections.length ? [LEFT_OUT] : [])].join('\n\n')
  })
  return `${[...opening, ...blocks, ...closing].join('\n\n')}\n`
}

const worstFirst: readonly Chapter['result'][] = ['not_played', 'fail', 'inconclusive', 'pass'] satisfies (Result | 'not_played')[]

const headline = (chapter: Chapter): string => `## ${verdictOf(chapter)}: ${chapter.name}\n\n${capital(chapter.facts)}.`

function overview(chapters: readonly Chapter[]): string {
  const passed = chapters.filter(({ result }) => result === 'pass').length
  const rows = chapters.slice(0, CHAPTERS).map((chapter) => [verdictOf(chapter), chapter.name, chapter.facts])
  return `**${passed} of ${chapters.length} passed**\n\n${table([{ name: 'result' }, { name: 'scenario' }, { name: 'what' }], rows)}`
}

const verdictOf = ({ result }: Chapter): string =>
  result === 'not_played' ? `${marks.fail.glyph} NOT PLAYED` : `${marks[result].glyph} ${marks[result].word.toUpperCase()}`

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
// With the blank line that follows it.
const size = (text: string): number => Buffer.byteLength(text) + 2
const added = (sum: number, text: string): number => sum + size(text)
