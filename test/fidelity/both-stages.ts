// One recorded live run on both stages: judged again as it was, and simulated with its own plan on the machine that it tells of.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadCriteria } from '../../src/criteria/custom.ts'
import { judge } from '../../src/judge/judge.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planWithoutSecrets } from '../../src/plan/redact.ts'
import { findScenario, planFound } from '../../src/project/find-scenario.ts'
import { judgeBundle } from '../../src/run/bundle/bundle.ts'
import { parseRunRecord } from '../../src/run/bundle/record.ts'
import { calibrationMeter } from '../../src/simulation/calibration/meter.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'

export interface BothStages {
  live: Verdict
  simulated: Verdict
}

// What stands for a secret.
const HIDDEN = '***'

/** A sentence where the simulation refuses the plan. */
export async function onBothStages(bundle: string): Promise<BothStages | string> {
  const place = join(bundle, 'run.json')
  const { plan: recorded } = parseRunRecord(await readFile(place, 'utf8'), place)
  const plan = await withSecrets(recorded)
  if (!plan) return 'secrets of its plan are not recorded, and the scenario has changed since'
  const cast = await loadCast(plan)
  const meter = calibrationMeter(plan, cast.upstreams)
  const { verdict, record } = await judgeBundle(bundle, undefined, meter.add)
  if (record.gateway.kind !== 'reference') return 'another gateway than the reference one is not simulated'
  const { calibration } = meter.result()
  const [refusal] = refusalOf(plan, calibration)
  if (refusal) return refusalLine(refusal.message)
  return { live: verdict, simulated: judge(plan, simulate(plan, { cast, calibration }), await loadCriteria(plan)) }
}

/** The plan as it was played: secrets are taken out of what is recorded. Undefined where they cannot be found again. */
async function withSecrets(recorded: Plan): Promise<Plan | undefined> {
  if (!JSON.stringify(recorded).includes(HIDDEN)) return recorded
  const { scenario, seed, settings } = recorded
  const found = await findScenario(scenario)
  const plan = await planFound(found, { seed, settings, source: found.source })
  return isDeepStrictEqual(asRead(planWithoutSecrets(plan)), asRead(recorded)) ? plan : undefined
}

const asRead = (plan: Plan): unknown => JSON.parse(JSON.stringify(plan))

/** The problems of a refusal, on one line. */
export function refusalLine(message: string): string {
  const [, ...problems] = message.split('\n')
  return problems.map((line) => line.trim().replaceAll(/ +/g, ' ')).join('; ')
}
