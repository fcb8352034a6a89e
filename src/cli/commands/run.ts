// `gatecrash run <scenario…>`: plan, play, judge, report.
import { Command } from 'commander'
import { loadCriteria } from '../../criteria/custom.ts'
import type { Plan } from '../../plan/plan.ts'
import { findScenario, planFound } from '../../project/find-scenario.ts'
import { type Series, resultOf } from '../../run/series.ts'
import { warningFor } from '../machine/record.ts'
import { type ExitCode, decided, exitCodeOfSeries, worst } from '../exit-codes.ts'
import { type FlagValues, type SomeValues, addFlags, allValues, checkFlags, planOptions } from '../flags/flags.ts'
import { watchForInterruption } from '../interruption.ts'
import { openOutputs } from '../outputs/outputs.ts'
import { say } from '../say.ts'
import { notBegun, playSeries } from '../series/play-series.ts'

export function runCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .description('Run scenarios live, judge them, and leave a report. The exit code is the verdict.')
    .argument('<scenario...>', 'names in scenarios/, or paths to scenario files')
  return addFlags(command, 'run').action(async (ids: string[], values: SomeValues) => exit(await runAll(ids, allValues(values))))
}

async function runAll(ids: string[], values: FlagValues): Promise<ExitCode> {
  // All plans are made first, so that a mistake in the last scenario is reported before the first one starts.
  const planned: Plan[][] = []
  for (const id of ids) planned.push(await planRepeats(id, values))
  checkFlags(values, planned.flat())
  const outputs = await openOutputs(values)
  for (const [plan] of planned) {
    const warning = plan && (await warningFor(plan, values.out))
    if (warning !== undefined) say(warning)
  }
  using interruption = watchForInterruption((what) => say(`\n${what}: taking the faults off and judging what was recorded…`))
  const codes: ExitCode[] = []
  for (const plans of planned) {
    const series = await playOrLeave(plans, codes)
    const code = decided(exitCodeOfSeries(series), values.inconclusive)
    if (code === 0 && resultOf(series) === 'inconclusive')
      say('it is inconclusive, and counts as a pass for the exit code alone (--inconclusive pass)')
    codes.push(code)
    for (const output of outputs) output.add?.(series)
  }
  const code = interruption.exitCode ?? worst(codes)
  for (const output of outputs) await output.end(code)
  return code

  function playOrLeave(plans: readonly Plan[], sofar: readonly ExitCode[]): Series | Promise<Series> {
    if (interruption.signal.aborted) return notBegun(plans, 'the command was ended')
    if (values.bail && worst(sofar) !== 0) return notBegun(plans, 'an earlier scenario did not pass (--bail)')
    return playSeries(plans, values, interruption.signal)
  }
}

/** One plan for each repeat, with seeds from the given one on. */
async function planRepeats(id: string, values: FlagValues): Promise<Plan[]> {
  const found = await findScenario(id)
  const plans: Plan[] = []
  for (let nth = 0; nth < values.repeat; nth++) {
    const plan = await planFound(found, planOptions({ ...values, seed: values.seed + nth }, found.source))
    await loadCriteria(plan)
    plans.push(plan)
  }
  return plans
}
