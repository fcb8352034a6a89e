// `gatecrash judge <bundle>`: the same verdict again from what was recorded, and the reports written anew.
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { type ExitCode, decided, exitCodeOfResult } from '../exit-codes.ts'
import { judgeBundle, writeVerdict } from '../../run/bundle/bundle.ts'
import { cannotWrite } from '../../run/bundle/cannot-write.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { addFlags } from '../flags/add-flags.ts'
import type { SomeValues } from '../flags/flags.ts'
import { loadReports, writeReports } from '../reports.ts'
import { printJson, say } from '../say.ts'
import { showSummary } from '../show-summary.ts'

export function judgeCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('judge')
    .description('Judge a recorded run again from its journal; writes verdict.json, junit.xml and report.html anew.')
    .argument('<bundle>', 'a run folder, such as reports/gemini-outage/latest')
  // A bundle that was judged otherwise is judged as it was recorded, unless the flag is given.
  return addFlags(command, 'judge').action(async (folder: string, { json = false, observe, inconclusive }: SomeValues) => {
    const judged = await judgeBundle(folder, command.getOptionValueSource('observe') === 'default' ? undefined : observe)
    const reportPath = await written(folder, judged)
    const { renderSummary } = await loadReports()
    showSummary((page) => renderSummary({ ...judged, reportPath, ...page }), { json })
    if (json) printJson(judged.verdict)
    exit(decided(exitCodeOfResult[judged.verdict.result], inconclusive))
  })
}

/** Where the report is. A bundle that cannot be written, such as a mounted artifact, is judged all the same. */
async function written(folder: string, judged: JudgedRun): Promise<string> {
  try {
    await writeVerdict(folder, judged.verdict)
    return await writeReports(folder, judged)
  } catch (cause) {
    const known = cannotWrite(cause)
    if (!(known instanceof GatecrashError)) throw cause
    say(`nothing could be written: ${known.message}`)
    return 'not written'
  }
}
