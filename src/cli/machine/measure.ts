// What this machine is fit for: a short run of the whole harness, whose load rises step by step, and whose fake is slow for a while.
import { errorRate } from '../../criteria/error-rate.ts'
import { latenciesIn, requestsIn } from '../../criteria/measure/scope.ts'
import type { Evidence } from '../../evidence/evidence.ts'
import { spanAtQuantile } from '../../evidence/latency-histogram.ts'
import { latency } from '../../faults/request/latency.ts'
import { harnessDelayIn } from '../../judge/harness-delay.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import { perSecond } from '../../scenario/load.ts'
import { atRate, phase, warmUp } from '../../scenario/phases.ts'
import { planScenario } from '../../scenario/plan-scenario.ts'
import { reference, scenario } from '../../scenario/scenario.ts'
import { echo } from './echo.ts'
import { playHere } from './play-here.ts'

export interface Measured {
  /** The highest rate at which the harness itself added no delay, at no lower rate either; 0 when it always did. */
  cleanPerSecond: number
  /** The highest rate that was tried. */
  triedPerSecond: number
  /** How much slower answers were while the fake waited `injectedMs`; null when none was ok. */
  recoveredMs: Ms | null
  injectedMs: Ms
}

const RATES = [100, 200, 400, 800, 1200, 1600, 2400, 3200]
const INJECTED: Ms = 100
const QUICK = 'quick'
const SLOW = 'slow'
export const slowestRate = RATES[0]!
const stepOf = (rate: number): string => `${rate}/s`

/** @throws GatecrashError when it could not be played, as a run */
export async function measureMachine(signal: AbortSignal): Promise<Measured> {
  const plan = measuringPlan()
  const { evidence } = await playHere(plan, 'gatecrash doctor', signal)
  return measuredOf(plan, evidence)
}

export function measuringPlan(): Plan {
  const measuring = scenario('doctor', {
    story: 'The load rises step by step; before that, the fake is slow for a while.',
    upstreams: { echo },
    gateway: reference({ echo: {} }),
    load: { rate: perSecond(RATES[0]!), mix: [echo.say()] },
    phases: () => [
      warmUp('2s'),
      phase(QUICK, '2s'),
      phase(SLOW, '2s', latency('echo', INJECTED)),
      ...RATES.map((rate) => atRate(perSecond(rate), phase(stepOf(rate), '2s'))),
    ],
    criteria: [errorRate.build.errorRate().during(QUICK).below('10%')],
  })
  return planScenario(measuring, { seed: 42, settings: 'ci', source: 'gatecrash doctor' })
}

export function measuredOf(plan: Plan, evidence: Evidence): Measured {
  const unclean = RATES.findIndex((rate) => !isClean(plan, evidence, stepOf(rate)))
  const clean = unclean < 0 ? RATES.at(-1)! : (RATES[unclean - 1] ?? 0)
  const median = (name: string): Ms | null => spanAtQuantile(latenciesIn(requestsIn(evidence, { phases: [name] }), ['ok'], 'service'), 0.5)
  const [quick, slow] = [median(QUICK), median(SLOW)]
  return {
    cleanPerSecond: clean,
    triedPerSecond: RATES.at(-1)!,
    recoveredMs: quick === null || slow === null ? null : slow - quick,
    injectedMs: INJECTED,
  }
}

/** What a verdict would believe: nothing late, no stall, no process without processor time, and everything sent. */
function isClean(plan: Plan, evidence: Evidence, name: string): boolean {
  const planned = evidence.planned.reduce((total, { phase: at, requests }) => total + (at === name ? requests : 0), 0)
  const seen = requestsIn(evidence, { phases: [name] }).reduce((total, { count }) => total + count, 0)
  return planned > 0 && seen === planned && !harnessDelayIn({ plan, evidence }, [name]).unhealthy
}
