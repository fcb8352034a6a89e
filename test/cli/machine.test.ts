import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { calibratingPlan } from '../../src/cli/machine/calibrate.ts'
import { measuredOf, measuringPlan } from '../../src/cli/machine/measure.ts'
import { keepMeasured, warningFor } from '../../src/cli/machine/record.ts'
import { foldJournal } from '../../src/evidence/fold/fold.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { requestId } from '../../src/evidence/request-id.ts'
import { arrivals } from '../../src/plan/arrivals.ts'
import { defaultCalibration, legs } from '../../src/simulation/calibration/calibration.ts'
import { calibrationMeter } from '../../src/simulation/calibration/meter.ts'
import { loadCast } from '../../src/simulation/simulate.ts'
import { Simulation } from '../../src/simulation/simulation.ts'
import { planOf } from '../judge/history.ts'

const plan = measuringPlan()
const phaseAt = (atMs: number): string => plan.phases.find(({ endMs }) => atMs < endMs)!.name

/** Every request is answered, those while the fake is slow later; what is sent in the given phases is late, or not sent at all. */
function measuredWhen({ late = [], missing = [] }: { late?: string[]; missing?: string[] }) {
  function* journal(): Generator<JournalEvent> {
    yield { type: 'run', t: 0, schemaVersion: 2, scenario: 'doctor', seed: 42, run: 'r1', origin: 0, startedAt: '2026-01-01T00:00:00Z' }
    for (const { index, dueMs, route } of arrivals(plan)) {
      const phase = phaseAt(dueMs)
      if (missing.includes(phase) && index % 50 === 0) continue
      const sent = dueMs + (late.includes(phase) ? 60 : 0)
      const t = sent + (phase === 'slow' ? 104 : 3)
      const facts = { route: route.route, method: 'GET', outcome: 'ok', status: 200 } as const
      yield { type: 'request', t, id: requestId('r1', index), index, due: dueMs, sent, ...facts }
    }
    yield { type: 'end', t: plan.durationMs + 100, reason: 'complete' }
  }
  return measuredOf(plan, foldJournal(journal(), plan))
}

it('finds the highest rate at which the harness adds no delay, and no lower rate does', async () => {
  expect(measuredWhen({})).toMatchObject({ cleanPerSecond: 3200, triedPerSecond: 3200 })
  expect(measuredWhen({ late: ['1600/s', '3200/s'] })).toMatchObject({ cleanPerSecond: 1200 })
  expect(measuredWhen({ missing: ['800/s'] })).toMatchObject({ cleanPerSecond: 400 })
  expect(measuredWhen({ late: ['100/s'] })).toMatchObject({ cleanPerSecond: 0 })
})

it('measures the delay that was injected', async () => {
  const { recoveredMs, injectedMs } = measuredWhen({})
  expect(injectedMs).toBe(100)
  expect(recoveredMs).toBeCloseTo(101, 0)
})

it('plays enough of a run to measure every leg for the simulation', async () => {
  const calibrating = calibratingPlan()
  const cast = await loadCast(calibrating)
  const meter = calibrationMeter(calibrating, cast.upstreams)
  const simulation = new Simulation(calibrating, { cast, calibration: defaultCalibration, run: 'r', write: meter.add })
  while (!simulation.advance(1000));
  const { samples } = meter.result()
  expect(legs.filter((leg) => samples[leg] === 0)).toEqual(['connect'])
  expect(samples.toGateway).toBeGreaterThan(1500)
})

it('warns of a load above the measured rate, on this machine alone', async () => {
  const out = mkdtempSync(join(tmpdir(), 'machine-'))
  const slow = planOf([], {}, 100)
  const quick = planOf([], {}, 300)
  expect(await warningFor(quick, out)).toBeUndefined()
  await keepMeasured(out, { cleanPerSecond: 200, triedPerSecond: 3200, recoveredMs: 100, injectedMs: 100 })
  expect(await warningFor(slow, out)).toBeUndefined()
  expect(await warningFor(quick, out)).toMatch(/sends up to 300\/s; doctor found this machine clean up to 200\/s/)
  writeFileSync(join(out, 'machine.json'), JSON.stringify({ machine: 'another', cleanPerSecond: 1 }))
  expect(await warningFor(quick, out)).toBeUndefined()
  writeFileSync(join(out, 'machine.json'), '{')
  expect(await warningFor(quick, out)).toBeUndefined()
})
