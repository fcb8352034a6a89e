// Of several scenarios, a line each at the end.
import type { Series } from '../../run/series.ts'
import { showSummary } from '../show-summary.ts'
import { loadReports } from '../reports.ts'
import type { OpenOutput } from './output.ts'

export const table: OpenOutput = (values) => {
  const all: Series[] = []
  return {
    add: (series) => void all.push(series),
    async end() {
      if (all.length < 2) return
      const { renderSeriesTable } = await loadReports()
      showSummary(({ colour }) => `\n${renderSeriesTable(all, { colour })}`, values)
    },
  }
}
