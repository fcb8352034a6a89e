// `npm run fidelity [-- scenario…] [--live n] [--seed n]` plays every scenario that can be simulated on both stages, and prints each
// criterion: live (the median of n runs, 3 by default), simulated, and the difference. What is refused is listed with its reason.
//
//   gemini-outage   C9  0.0888 s → 0.0894 s   +0.7 %   pass, pass
//
// Exit code 1 when the stages contradict each other: a pass against a fail.
import { parseArgs } from 'node:util'
import { loadCriteria } from '../../src/criteria/custom.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Finding, Verdict } from '../../src/judge/verdict.ts'
import { findScenario, planFound, scenarioNames } from '../../src/project/find-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { start } from '../end-to-end/gatecrash.ts'

const options = { live: { type: 'string', default: '3' }, seed: { type: 'string', default: '42' } } as const
const { positionals, values } = parseArgs({ allowPositionals: true, options })
const seed = Number(values.seed)
let contradictions = 0

for (const name of positionals.length > 0 ? positionals : scenarioNames()) {
  const found = await findScenario(name)
  const plan = await planFound(found, { seed, settings: 'ci', source: found.source })
  const [refusal] = refusalOf(plan, defaultCalibration)
  if (refusal) {
    console.log(`${name}\n  ${refusal.message.split('\n').slice(1).join('\n  ').trim()}`)
    continue
  }
  const simulated = judge(plan, simulate(plan, { cast: await loadCast(plan) }), await loadCriteria(plan))
  const live: Verdict[] = []
  for (let run = 0; run < Number(values.live); run++) live.push(await playLive(name))
  console.log(`${name}   live ${live.map(({ result }) => result).join(', ')}   simulated ${simulated.result}`)
  for (const finding of simulated.findings) {
    const seen = live.flatMap(({ findings }) => findings.filter(({ id }) => id === finding.id))
    if (contradicts(finding, seen)) contradictions++
    console.log(`  ${row(finding, seen)}`)
  }
}
console.log(`${contradictions} contradictions`)
process.exitCode = contradictions > 0 ? 1 : 0

async function playLive(name: string): Promise<Verdict> {
  await using run = await start(['run', name, '--seed', String(seed), '--json'])
  const { stdout, stderr } = await run.ended
  if (stdout.trim() === '') throw new Error(`${name} was not played: ${stderr.trim().split('\n').at(-1)}`)
  return JSON.parse(stdout) as Verdict
}

/** What most of the live runs say decides. */
function contradicts({ result }: Finding, seen: readonly Finding[]): boolean {
  const opposite = result === 'pass' ? 'fail' : 'pass'
  return result !== 'inconclusive' && seen.filter((each) => each.result === opposite).length * 2 > seen.length
}

function row(finding: Finding, seen: readonly Finding[]): string {
  const { id, sentence, measured, unit, result } = finding
  const figures = seen.flatMap((each) => each.measured ?? []).toSorted((a, b) => a - b)
  const median = figures[figures.length >> 1]
  const shown = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : String(Number(value.toPrecision(4)))
  const difference = measured === null || median === undefined ? '' : shown(measured - median)
  const results = `${seen.map((each) => each.result).join(' ') || 'not played'} | ${result}${contradicts(finding, seen) ? '   CONTRADICTION' : ''}`
  return `${id.padEnd(4)} ${shown(median).padStart(9)} ${shown(measured).padStart(9)} ${difference.padStart(9)} ${unit.padEnd(9)} ${results.padEnd(28)} ${sentence}`
}
