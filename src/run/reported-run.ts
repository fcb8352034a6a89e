// A judged run with what stands beside it: what its gateway said last, and how it differs from the run before.
import { type Comparison, compareRuns } from './comparison/comparison.ts'
import { runBefore } from './comparison/run-before.ts'
import type { JudgedRun } from './judged-run.ts'
import { lastWords } from './bundle/last-words.ts'

export interface ReportedRun extends JudgedRun {
  /** Lines; absent where nobody kept what the gateway said. */
  lastWords?: string[]
  /** Against the run before; absent where there is none that can be compared. */
  comparison?: Comparison
}

export async function reportedRun(folder: string, run: JudgedRun): Promise<ReportedRun> {
  const [said, before] = await Promise.all([lastWords(folder), runBefore(folder, run.record)])
  return { ...run, ...(said && { lastWords: said }), ...(before && { comparison: compareRuns(before, run) }) }
}
