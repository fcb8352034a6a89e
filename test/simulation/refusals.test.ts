import { expect, it } from 'vitest'
import chromaSlow from '../../scenarios/chroma-slow.ts'
import evidenceApiDown from '../../scenarios/evidence-api-down.ts'
import geminiOutage from '../../scenarios/gemini-outage.ts'
import langwatchManualReset from '../../scenarios/langwatch-manual-reset.ts'
import saturation from '../../scenarios/saturation.ts'
import type { Fault } from '../../src/faults/fault.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { refusalOf } from '../../src/simulation/refusals.ts'
import { loadCast, simulate } from '../../src/simulation/simulate.ts'

const planOf = (scenario: Scenario): Plan => planScenario(scenario, { seed: 1, settings: 'ci', source: 'scenarios/x.ts' })
const plan = planOf(geminiOutage)
const refused = (asked: Plan): string[] =>
  refusalOf(asked, defaultCalibration).flatMap(({ message }) =>
    message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replaceAll(/ +/g, ' ')),
  )
const withFault = (fault: Fault): Plan => ({ ...plan, faults: [{ ...plan.faults[0]!, fault }] })

it('refuses nothing of what it models', () => {
  expect(refused(plan)).toEqual([])
})

it('refuses faults of processes, and those on a store', () => {
  expect(refused(withFault({ made: 'process', role: 'gateway', fault: { is: 'killed' } }))).toEqual([
    'faults.F1 killed in gemini not-found is a fault of a process, which is not modelled',
  ])
  expect(refused(withFault({ made: 'network', role: 'redis', is: 'down' }))).toEqual([
    "faults.F1 down in gemini not-found is a fault of the gateway's store, which is not modelled",
  ])
})

it('takes an upstream that is killed, connections that close after some answers, and packets that are lost whole', () => {
  expect(refused(withFault({ made: 'process', role: 'upstream', fault: { is: 'killed' } }))).toEqual([])
  expect(refused(withFault({ made: 'request', fault: { is: 'closed_after', answers: 3 }, hits: {} }))).toEqual([])
  const on = (type: 'packet_loss' | 'slicer', stream: 'upstream' | 'downstream'): Fault => ({
    made: 'network',
    is: 'toxic',
    toxic: type === 'slicer' ? { type, attributes: { average_size: 10 } } : { type, attributes: { loss_rate: 0.1 } },
    stream,
    toxicity: 1,
  })
  const both = (second: Fault): Plan => {
    const [first] = plan.faults
    return {
      ...plan,
      faults: [
        { ...first!, fault: on('packet_loss', 'downstream') },
        { ...first!, id: 'F2', fault: second },
      ],
    }
  }
  expect(refused(both(on('slicer', 'upstream')))).toEqual([])
  expect(refused(both(on('slicer', 'downstream')))).toEqual([
    'faults.F1 packet_loss in gemini not-found loses parts of messages that F2 cuts into pieces, which is not modelled',
  ])
})

it('refuses what is about a busy processor: a crowd, its criteria, a load that takes most of a core', () => {
  expect(refused(planOf(saturation))).toEqual([
    'phases.saturated is saturated: a busy processor is not modelled',
    'criteria.C1 throughput_above is about the machine, which is not modelled',
    'criteria.C2 sheds_rather_than_collapses is about the machine, which is not modelled',
  ])
  const rate = plan.load.rate.map((piece) => ({ ...piece, startPerSecond: 5000, endPerSecond: 5000 }))
  expect(refused({ ...plan, load: { ...plan.load, rate } })).toEqual([
    'load.rate 5000 requests a second would take 200 % of a core: a busy processor is not modelled, beyond 70 %',
  ])
})

it('refuses addresses that are not of an upstream, and settings that it does not know', () => {
  const [first, ...others] = plan.load.mix
  const mix = [{ ...first!, paths: ['/shop/1'] }, ...others]
  expect(refused({ ...plan, load: { ...plan.load, mix } })).toEqual([
    `load.mix[0] ${first!.route} asks for /shop/1, and only addresses that begin with an upstream are modelled`,
  ])
  const gateway = { ...plan.gateway, server: { maxLoopDelay: 100 }, services: { sync: {} } }
  expect(refused({ ...plan, gateway })).toEqual([
    'gateway.services.sync is not modelled',
    'gateway.server.maxLoopDelay is about a busy processor, which is not modelled',
  ])
})

it('takes an operator who resets a breaker, and refuses one who must show who he is', () => {
  const asked = planOf(langwatchManualReset)
  expect(refused(asked)).toEqual([])
  const [reset] = asked.load.mix.slice(-1)
  const withHeaders = { ...asked, load: { ...asked.load, mix: [{ ...reset!, headers: { authorization: 'Bearer x' } }] } }
  const withToken = { ...asked, gateway: { ...asked.gateway, server: { adminToken: 'x' } } }
  for (const each of [withHeaders, withToken])
    expect(refused(each)).toEqual([
      expect.stringMatching(/an operator resets the breaker asks as an operator who is told by headers, which is not modelled$/),
    ])
})

it('takes services that do nothing until they are asked, and refuses whoever asks them, or about their alerts', () => {
  expect(refused(planOf(chromaSlow))).toEqual([])
  const asking = refused(planOf(evidenceApiDown))
  expect(asking.filter((each) => each.startsWith('gateway'))).toEqual([])
  expect(asking).toContain('load.mix[0] webhook asks for /webhooks, and only addresses that begin with an upstream are modelled')
  expect(asking.filter((each) => each.endsWith('is about alerts, which are not modelled'))).toHaveLength(2)
})

it('names the scenario and the remedy, and plays nothing of it', async () => {
  const asked = planOf(saturation)
  const cast = await loadCast(asked)
  expect(() => simulate(asked, { cast })).toThrow(/^saturation cannot be simulated; run it live: 3 problems\n/)
})
