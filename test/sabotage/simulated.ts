// Sabotages of the policies on the simulated stage: the same defect, the same scenario, the same reason, on many seeds.
// `npm run sabotage:simulated [-- id…] [--seeds n]` prints how many of the seeds caught each. Exit code 1 when one was missed.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { judge } from '../../src/judge/judge.ts'
import { findScenario, planFound } from '../../src/project/find-scenario.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import type { Policies } from '../../src/simulation/world.ts'
import { plant } from './plant.ts'
import type { Sabotage } from './sabotage.ts'
import { sabotages } from './sabotages.ts'

/**
 * Those whose defect lies in the policies: what the simulation models is no code of theirs. One that ends its process would end this one, in
 * which its policies run.
 */
export const ofPolicies: readonly Sabotage[] = sabotages.filter(
  ({ change, flags, expect }) =>
    'edits' in change && !flags && !expect.includes('gateway_died') && change.edits.every(({ file }) => file.startsWith('src/policies/')),
)

/** What caught it with this seed: nothing (`missed`), something else first, or its own reason. */
export interface Caught {
  seed: number
  how: 'caught' | 'wrong reason' | 'missed'
  what: string
}

/** Undefined: its scenario cannot be simulated. */
export async function simulateSabotage(sabotage: Sabotage, seeds: readonly number[]): Promise<Caught[] | undefined> {
  await using planted = await plant(sabotage)
  const policies = await policiesIn(planted.folder!) // edits are made in a copy
  const found = await findScenario(sabotage.scenario)
  const caught: Caught[] = []
  for (const seed of seeds) {
    const plan = await planFound(found, { seed, settings: 'ci', source: found.source })
    try {
      const { result, findings, why } = judge(plan, simulate(plan, { cast: await loadCast(plan), policies }))
      const [first] = findings
      if (result !== 'fail' || first?.cause === undefined) caught.push({ seed, how: 'missed', what: `${result}: ${why[0] ?? ''}` })
      else caught.push({ seed, how: sabotage.expect.includes(first.cause) ? 'caught' : 'wrong reason', what: `${first.id} ${first.cause}` })
    } catch (error) {
      if (error instanceof GatecrashError && error.code === 'invalid_scenario') return undefined
      throw error
    }
  }
  return caught
}

export async function policiesIn(folder: string): Promise<Policies> {
  const load = (file: string): Promise<Policies> => import(pathToFileURL(join(folder, 'src/policies', file)).href) as Promise<Policies>
  const [{ stackOf }, { serve }, { drive }] = await Promise.all([load('stack.ts'), load('serve.ts'), load('drive.ts')])
  return { stackOf, serve, drive }
}

if (import.meta.main) {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { seeds: { type: 'string', default: '20' } } })
  const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => at + 1)
  let missed = 0
  for (const sabotage of ofPolicies.filter(({ id }) => positionals.length === 0 || positionals.includes(id))) {
    const caught = await simulateSabotage(sabotage, seeds)
    const right = caught?.filter(({ how }) => how === 'caught').length ?? 0
    const other = caught?.find(({ how }) => how !== 'caught')
    if (other) missed++
    const text = caught
      ? `${right} of ${seeds.length}${other ? `   seed ${other.seed}: ${other.how}: ${other.what}` : ''}`
      : 'not simulated'
    console.log(`${sabotage.id.padEnd(8)} ${sabotage.title.padEnd(56)} ${text}`)
  }
  process.exitCode = missed > 0 ? 1 : 0
}
