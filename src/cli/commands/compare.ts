// `gatecrash compare <before> [now]`: what is better, worse, or within noise.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { judgeBundle } from '../../run/bundle/bundle.ts'
import { type Comparison, compareRuns } from '../../run/comparison/comparison.ts'
import { runBefore } from '../../run/comparison/run-before.ts'
import { renderComparison } from '../../report/terminal/comparison.ts'
import type { ExitCode } from '../exit-codes.ts'
import { addFlags } from '../flags/add-flags.ts'
import type { SomeValues } from '../flags/flags.ts'
import { onProject } from '../project/on-project.ts'
import { printJson } from '../say.ts'

/** 1 keeps its meaning: something is worse. What cannot be told is no pass. */
const exitCodeOfComparison: Record<Comparison['result'], ExitCode> = {
  worse: 1,
  untold: 2,
  incomparable: 2,
  better: 0,
  within_noise: 0,
  too_few: 0,
}

export function compareCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('compare')
    .description('Compare two recorded runs: what is better, worse, or within noise. The exit code is 1 where something is worse.')
    .argument('<before>', 'a run folder, or the name of a scenario, which stands for its latest run')
    .argument('[now]', 'the same; without it, <before> is compared with the run before it')
  return addFlags(command, 'compare').action(async (first: string, second: string | undefined, values: SomeValues) => {
    const { json, out } = (await onProject(command, values)).values
    const comparison = await compared(bundleOf(first, out), second === undefined ? undefined : bundleOf(second, out))
    process.stderr.write(renderComparison(comparison, { colour: process.stderr.hasColors?.() ?? false }))
    if (json) printJson(comparison)
    exit(exitCodeOfComparison[comparison.result])
  })
}

async function compared(first: string, second: string | undefined): Promise<Comparison> {
  const run = await judgeBundle(first)
  if (second !== undefined) return compareRuns(run, await judgeBundle(second))
  const before = await runBefore(first, run.record)
  if (before !== undefined) return compareRuns(before, run)
  throw new GatecrashError('usage', `no earlier run beside ${first} can be compared with it; name two: gatecrash compare <before> <now>`)
}

/** A folder as it is, else the latest run of a scenario of that name. */
function bundleOf(named: string, out: string): string {
  const latest = join(out, named, 'latest')
  return !existsSync(join(named, 'run.json')) && existsSync(latest) ? latest : named
}
