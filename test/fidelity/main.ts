// `npm run fidelity [-- scenario…] [--live n] [--seed n]` plays every scenario that can be simulated on both stages, and prints each
// criterion: live (the median of n runs, 3 by default), simulated, and the difference. What is refused is listed with its reason.
// `--from DIR…` takes the live runs that lie in these folders of bundles in place of new ones.
//
//   gemini-outage   C9  88.8 → 89.4 ms   +0.6   pass | pass
//
// Exit code 1 when the stages contradict each other: a pass against a fail.
import { parseArgs } from 'node:util'
import type { Finding } from '../../src/judge/verdict.ts'
import { findScenario, planFound, scenarioNames } from '../../src/project/find-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { type BothStages, onBothStages, refusalLine } from './both-stages.ts'
import { bundlesIn, playLive } from './bundles.ts'
import { type Compared, compare } from './goals.ts'

const options = {
  live: { type: 'string', default: '3' },
  seed: { type: 'string', default: '42' },
  from: { type: 'string', multiple: true, default: [] as string[] },
} as const
const { positionals, values } = parseArgs({ allowPositionals: true, options })
const recorded = bundlesIn(values.from)
const totals = { near: 0, beyond: 0, 'within spread': 0, 'no goal': 0, contradictions: 0, refused: 0 }

for (const name of asked()) {
  const runs = await runsOf(name)
  if (typeof runs === 'string') {
    totals.refused++
    console.log(`${name}   refused: ${runs}`)
    continue
  }
  const results = (stage: keyof BothStages): string => runs.map((run) => run[stage].result).join(' ')
  console.log(`${name}   live ${results('live')}   simulated ${results('simulated')}`)
  for (const { id } of runs[0]!.live.findings.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))) {
    const of = (stage: keyof BothStages): Finding[] => runs.flatMap((run) => run[stage].findings.filter((finding) => finding.id === id))
    const compared = compare(of('live'), of('simulated'))
    totals[compared.is]++
    if (compared.contradicts) totals.contradictions++
    console.log(`  ${row(of('live'), of('simulated'), compared)}`)
  }
}
const { near, beyond, contradictions, refused } = totals
console.log(
  `criteria with a goal: ${near} within it, ${totals['within spread']} within the spread of the live runs, ${beyond} beyond; without one: ${totals['no goal']}`,
)
console.log(`${contradictions} contradictions; ${refused} scenarios refused`)
process.exitCode = contradictions > 0 ? 1 : 0

function asked(): string[] {
  if (positionals.length > 0) return positionals
  return values.from.length > 0 ? [...recorded.keys()] : scenarioNames()
}

/** A sentence where it is refused. */
async function runsOf(name: string): Promise<BothStages[] | string> {
  const runs: BothStages[] = []
  for await (const run of eachRun(name)) {
    if (typeof run === 'string') return run
    runs.push(run)
  }
  return runs.length === 0 ? 'no live run of it is there' : runs
}

async function* eachRun(name: string): AsyncGenerator<BothStages | string> {
  if (values.from.length > 0) {
    for (const bundle of recorded.get(name) ?? []) yield onBothStages(bundle)
    return
  }
  const found = await findScenario(name)
  const plan = await planFound(found, { seed: Number(values.seed), settings: 'ci', source: found.source })
  const [refusal] = refusalOf(plan, defaultCalibration)
  const isLong = found.scenario.input.tags?.includes('long') === true
  if (isLong && positionals.length === 0) yield 'it is long: it is played where it is named'
  else if (refusal) yield refusalLine(refusal.message)
  else for (let run = 0; run < Number(values.live); run++) yield playLive(name, values.seed, onBothStages)
}

function row(live: readonly Finding[], simulated: readonly Finding[], compared: Compared): string {
  const { id, sentence, unit } = live[0]!
  const shown = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))))
  const difference = compared.live === null || compared.simulated === null ? null : compared.simulated - compared.live
  const results = (findings: readonly Finding[]): string => findings.map(({ result }) => result).join(' ')
  const told = compared.contradicts
    ? '   CONTRADICTION'
    : compared.is === 'beyond' || compared.is === 'within spread'
      ? `   ${compared.is}`
      : ''
  return `${id.padEnd(4)} ${shown(compared.live).padStart(9)} ${shown(compared.simulated).padStart(9)} ${shown(difference).padStart(9)} ${unit.padEnd(11)} ${results(live)} | ${results(simulated)}${told}   ${sentence}`
}
