// `--summary`: all runs on one page of Markdown.
import type { Series } from '../../run/series.ts'
import { loadReports } from '../reports.ts'
import { fileOutput } from './file-output.ts'
import type { OpenOutput } from './output.ts'

export const summary: OpenOutput = async ({ summary: file }) => {
  if (file === undefined) return undefined
  const all: Series[] = []
  const { renderMarkdown } = await loadReports()
  return fileOutput('--summary', file, { add: (series) => void all.push(series), text: () => renderMarkdown(all) })
}
