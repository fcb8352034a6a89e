// Writes what a judged run is read in: junit.xml and report.html.
import type { JudgedRun } from '../run/judged-run.ts'
import { writeInBundle } from '../run/bundle/bundle.ts'
import { reportedRun } from '../run/reported-run.ts'

/** Returns the path of report.html. */
export async function writeReports(folder: string, judged: JudgedRun): Promise<string> {
  const { renderHtml, renderJunit } = await loadReports()
  const reported = await reportedRun(folder, judged)
  const [, report] = await Promise.all([
    writeInBundle(folder, 'junit.xml', renderJunit(judged)),
    writeInBundle(folder, 'report.html', renderHtml(reported)),
  ])
  return report
}

/** The renderers take a moment to load; a run asks for them while it is waiting anyway. */
export async function loadReports() {
  const [{ renderHtml }, { renderJunit, renderSeriesJunit }, { renderSummary }, { renderSeriesTable }, { renderMarkdown }] =
    await Promise.all([
      import('../report/html/page.ts'),
      import('../report/junit.ts'),
      import('../report/terminal/summary.ts'),
      import('../report/terminal/series-table.ts'),
      import('../report/markdown/summary.ts'),
    ])
  return { renderHtml, renderJunit, renderSeriesJunit, renderSummary, renderSeriesTable, renderMarkdown }
}
