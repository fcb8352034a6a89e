// `gatecrash run <scenario…>`: plan, play, judge, report.
import { Command } from 'commander'
import { loadCriteria } from '../../criteria/custom.ts'
import type { Plan } from '../../plan/plan.ts'
import type { FoundScenario } from '../../project/find-scenario.ts'
import { type Series, resultOf } from '../../run/series.ts'
import { warningFor } from '../machine/record.ts'
import { type ExitCode, decided, exitCodeOfError, exitCodeOfSeries, worst } from '../exit-codes.ts'
import { addFlags } from '../flags/add-flags.ts'
import { type FlagValues, type SomeValues, flagProblems } from '../flags/flags.ts'
import { watchForInterruption } from '../interruption.ts'
import { type Mistakes, collectMistakes } from '../mistakes.ts'
import { endOutputs, openOutputs } from '../outputs/outputs.ts'
import { type OnProject, onProject, planOn, valuesFor } from '../project/on-project.ts'
import { say } from '../say.ts'
import { notBegun, playSeries } from '../series/play-series.ts'
import { selectScenarios } from '../series/select-scenarios.ts'

export function runCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .description('Run scenarios live, judge them, and leave a report. The exit code is the verdict.')
    .argument('[scenario...]', "names in scenarios/, paths to scenario files, or globs such as 'gemini-*'")
  const mistakes = collectMistakes()
  return addFlags(command, 'run', { mistakes }).action(async (words: string[], values: SomeValues) => {
    const on = await mistakes.during(() => onProject(command, values))
    exit(on ? await runAll(words, on, mistakes) : (mistakes.tell() ?? 70))
  })
}

async function runAll(words: string[], on: OnProject, mistakes: Mistakes): Promise<ExitCode> {
  const { values } = on
  // All plans are made first, so that whatever is wrong with any of them is told before the first one starts.
  const ofFlags = mistakes.count()
  const planned: Planned[] = []
  for (const found of await selectScenarios(words, values, mistakes)) {
    const own = valuesFor(found.scenario, on)
    planned.push({ values: own, plans: (await mistakes.during(() => planRepeats(found, own, on))) ?? [] })
  }
  // Each with the gateway that it is played on.
  const others = { all: planned.flatMap(({ plans }) => plans), isWhole: mistakes.count() === ofFlags }
  for (const { plans, values: own } of planned) mistakes.add(flagProblems(own, plans, others))
  const wrong = mistakes.tell()
  if (wrong !== undefined) return wrong
  const outputs = await openOutputs(values)
  for (const {
    plans: [plan],
  } of planned) {
    const warning = plan && (await warningFor(plan, values.out))
    if (warning !== undefined) say(warning)
    for (const { unasked } of plan?.claims ?? []) for (const what of unasked) say(`${plan?.scenario}: cannot ask for ${what}`)
  }
  using interruption = watchForInterruption((what) => say(`\n${what}: taking the faults off and judging what was recorded…`))
  const codes: ExitCode[] = []
  for (const each of planned) {
    const series = await playOrLeave(each, codes)
    const code = decided(exitCodeOfSeries(series), values.inconclusive)
    if (code === 0 && resultOf(series) === 'inconclusive')
      say('it is inconclusive, and counts as a pass for the exit code alone (--inconclusive pass)')
    codes.push(code)
    for (const output of outputs) output.add?.(series)
  }
  const code = interruption.exitCode ?? worst(codes)
  const isWritten = await endOutputs(outputs, code)
  // What the gateway was seen to do comes before a file that could not be written; a pass does not.
  return isWritten || code !== 0 ? code : exitCodeOfError.cannot_write

  function playOrLeave({ plans, values: own }: Planned, sofar: readonly ExitCode[]): Series | Promise<Series> {
    if (interruption.signal.aborted) return notBegun(plans, 'the command was ended')
    if (values.bail && worst(sofar) !== 0) return notBegun(plans, 'an earlier scenario did not pass (--bail)')
    return playSeries(plans, own, interruption.signal, on)
  }
}

/** One scenario: a plan for each repeat, and the values that it is played with. */
interface Planned {
  plans: Plan[]
  values: FlagValues
}

/** With seeds from the given one on. */
async function planRepeats(found: FoundScenario, values: FlagValues, on: OnProject): Promise<Plan[]> {
  const plans: Plan[] = []
  for (let nth = 0; nth < values.repeat; nth++) {
    const plan = await planOn(found, { ...values, seed: values.seed + nth }, on)
    await loadCriteria(plan)
    plans.push(plan)
  }
  return plans
}
