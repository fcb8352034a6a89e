// Healthy gateways on the simulated stage: every scenario that it accepts, on many seeds. None may fail, and criteria must pass about as
// often as `show` says.
// `npm run healthy [-- scenario…] [--seeds n] [--from seed]` prints a line a scenario, and what did not pass. Exit code 1 when one failed.
import { parseArgs } from 'node:util'
import { knownCriterion } from '../../src/criteria/criteria.ts'
import { loadCriteria } from '../../src/criteria/custom.ts'
import { type Odds, oddsOf } from '../../src/criteria/measure/odds.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Result } from '../../src/criteria/finding/raw-finding.ts'
import { share } from '../../src/kernel/wording.ts'
import { findScenario, planFound, scenarioNames } from '../../src/project/find-scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { unjudgedSentence, withoutUnjudged } from '../../src/simulation/unjudged.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'
import { refusalLine } from './both-stages.ts'

/** One criterion of a scenario over all seeds. */
export interface SeenCriterion {
  id: string
  sentence: string
  passes: number
  /** What `show` says of it. */
  odds: Odds | undefined
  /** Seeds on which it did not pass, and why. */
  others: { seed: number; result: Result; why: string }[]
}

export interface SeenScenario {
  scenario: string
  results: Record<Result, number>
  /** Seeds that did not pass, with the first reason. */
  others: { seed: number; result: Result; why: string }[]
  criteria: SeenCriterion[]
  /** What no simulation can decide, and counts nowhere here; undefined where nothing is left out. */
  unjudged: string | undefined
}

/** A sentence where the simulation refuses the scenario. */
export async function playHealthy(name: string, seeds: readonly number[]): Promise<SeenScenario | string> {
  const found = await findScenario(name)
  const planOf = async (seed: number) => withoutUnjudged(await planFound(found, { seed, settings: 'ci', source: found.source }))
  const whole = await planFound(found, { seed: seeds[0] ?? 1, settings: 'ci', source: found.source })
  const first = await planOf(seeds[0] ?? 1)
  const [refusal] = refusalOf(whole, defaultCalibration)
  if (refusal) return refusal.message
  const cast = await loadCast(first)
  const custom = await loadCriteria(first)
  const results = { pass: 0, fail: 0, inconclusive: 0 }
  const others: SeenScenario['others'] = []
  const criteria = first.criteria.map(({ id, criterion }): SeenCriterion => {
    const known = knownCriterion(criterion, custom)
    return { id, sentence: known.sentence, passes: 0, odds: oddsOf(first, known), others: [] }
  })
  for (const seed of seeds) {
    const plan = await planOf(seed)
    const { result, findings, why } = judge(plan, simulate(plan, { cast }), custom)
    results[result]++
    if (result !== 'pass') others.push({ seed, result, why: why[0] ?? '' })
    for (const seen of criteria) {
      const finding = findings.find(({ id }) => id === seen.id)
      if (finding?.result === 'pass') seen.passes++
      else if (finding)
        seen.others.push({ seed, result: finding.result, why: `${finding.cause}, measured ${finding.measured} ${finding.unit}` })
    }
  }
  return { scenario: name, results, others, criteria, unjudged: unjudgedSentence(whole) }
}

/** A criterion that passes more rarely than `show` says of a gateway that uses half of what is allowed, by more than chance. */
export function passesTooRarely({ passes, odds }: SeenCriterion, seeds: number): boolean {
  if (!odds) return passes < seeds
  const spread = 3 * Math.sqrt((odds.atHalf * (1 - odds.atHalf)) / seeds)
  return passes / seeds < odds.atHalf - spread
}

if (import.meta.main) {
  const options = { seeds: { type: 'string', default: '20' }, from: { type: 'string', default: '1' } } as const
  const { positionals, values } = parseArgs({ allowPositionals: true, options })
  const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => Number(values.from) + at)
  let failed = 0
  for (const name of positionals.length > 0 ? positionals : scenarioNames()) {
    const seen = await playHealthy(name, seeds)
    if (typeof seen === 'string') {
      console.log(`${name.padEnd(30)} refused: ${refusalLine(seen)}`)
      continue
    }
    failed += seen.results.fail
    const { pass, fail, inconclusive } = seen.results
    console.log(`${name.padEnd(30)} ${pass} of ${seeds.length} pass, ${fail} fail, ${inconclusive} inconclusive`)
    if (seen.unjudged !== undefined) console.log(`  ${seen.unjudged}`)
    for (const { seed, result, why } of seen.others) console.log(`  seed ${seed} ${result}: ${why}`)
    for (const criterion of seen.criteria.filter(({ passes }) => passes < seeds.length))
      console.log(`  ${criterionLine(criterion, seeds.length)}`)
  }
  console.log(`${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

function criterionLine(criterion: SeenCriterion, seeds: number): string {
  const { id, sentence, passes, odds, others } = criterion
  const said = odds ? `show: ${share(odds.atHalf)} to ${share(odds.atTenth)}` : 'show says nothing'
  const rare = passesTooRarely(criterion, seeds) ? '   TOO RARELY' : ''
  const [{ seed, result, why } = others[0]!] = others
  return `${id.padEnd(4)} ${passes} of ${seeds} pass (${said})${rare}   ${sentence}; seed ${seed}: ${result}, ${why}`
}
