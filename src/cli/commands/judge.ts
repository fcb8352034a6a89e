// `gatecrash judge <bundle>`: the same verdict again from what was recorded, and the reports written anew.
import { Command } from 'commander'
import { type ExitCode, exitCodeOfResult } from '../exit-codes.ts'
import { judgeBundle, writeVerdict } from '../../run/bundle.ts'
import { loadReports, writeReports } from '../reports.ts'

export function judgeCommand(exit: (code: ExitCode) => void): Command {
  return new Command('judge')
    .description('Judge a recorded run again from its journal; writes verdict.json, junit.xml and report.html anew.')
    .argument('<bundle>', 'a run folder, such as reports/gemini-outage/latest')
    .option('--json', 'print the verdict as JSON on standard output')
    .action(async (folder: string, { json }: { json?: true }) => {
      const judged = await judgeBundle(folder)
      await writeVerdict(folder, judged.verdict)
      const reportPath = await writeReports(folder, judged)
      const [, , { renderSummary }] = await loadReports()
      process.stderr.write(
        renderSummary({ ...judged, reportPath, colour: process.stderr.hasColors?.() ?? false, width: process.stderr.columns ?? 84 }),
      )
      if (json) process.stdout.write(`${JSON.stringify(judged.verdict, undefined, 2)}\n`)
      exit(exitCodeOfResult[judged.verdict.result])
    })
}
