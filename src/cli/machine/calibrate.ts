// The run by which a machine is measured for the simulation: a steady load, then many short faults, which tell how soon faults act.
import { errorRate } from '../../criteria/error-rate.ts'
import { latency } from '../../faults/request/latency.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import { perSecond } from '../../scenario/load.ts'
import { phase, warmUp } from '../../scenario/phases.ts'
import { planScenario } from '../../scenario/plan-scenario.ts'
import { reference, scenario } from '../../scenario/scenario.ts'
import type { MeasuredCalibration } from '../../simulation/calibration/meter.ts'
import { service } from './service.ts'
import { playHere } from './play-here.ts'

const STEADY = 'steady'
const FAULTS = 12

/** @throws GatecrashError when it could not be played, as a run */
export async function measureCalibration(signal: AbortSignal): Promise<MeasuredCalibration> {
  const { record } = await playHere(calibratingPlan(), 'gatecrash calibrate', signal)
  // A live run of the reference gateway always holds it.
  if (!record.measured) throw new GatecrashError('internal', 'a live run of the reference gateway measured nothing')
  return record.measured
}

export function calibratingPlan(): Plan {
  const calibrating = scenario('calibrate', {
    story: 'A steady load; then a fault after the other, each for a moment.',
    upstreams: { service },
    gateway: reference({ service: { retry: { attempts: 1 } } }),
    load: { rate: perSecond(200), mix: [service.say()] },
    phases: () => [
      warmUp('3s'),
      phase(STEADY, '10s'),
      ...Array.from({ length: FAULTS }, (_, at) => phase(`fault ${at + 1}`, '300ms', latency('service', '1ms'))),
    ],
    criteria: [errorRate.build.errorRate().during(STEADY).below('10%')],
  })
  return planScenario(calibrating, { seed: 42, settings: 'ci', source: 'gatecrash calibrate' })
}
