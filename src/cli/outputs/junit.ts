// `--junit`: all runs in one JUnit file.
import type { Series } from '../../run/series.ts'
import { loadReports } from '../reports.ts'
import { fileOutput } from './file-output.ts'
import type { OpenOutput } from './output.ts'

export const junit: OpenOutput = async ({ junit: file }) => {
  if (file === undefined) return undefined
  const all: Series[] = []
  const { renderSeriesJunit } = await loadReports()
  return fileOutput('--junit', file, { add: (series) => void all.push(series), text: () => renderSeriesJunit(all) })
}
