// The contract of the page's sections. Adding one takes its file and its line in sections.ts.
import type { ReportedRun } from '../../../run/reported-run.ts'
import type { Content } from '../html.ts'

/** One section of the page. */
export interface Section {
  /** The anchor. */
  id: string
  /** As the navigation calls it. */
  name: string
  title: string
  /** Everything below the title; null when the section has nothing to say about this run, and is left out. */
  render(run: ReportedRun): Content | null
  /** Whether a reader of this run must see this section before all others. */
  comesFirst?(run: ReportedRun): boolean
}
