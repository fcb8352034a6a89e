// A fault of a user's own, all the way: scenario, plan as it stands in run.json, process of the fakes, answer.
import { expect, it } from 'vitest'
import { startRole } from '../../../src/kernel/process/start-role.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { errorRate, perSecond, phase, scenario } from '../../../src/index.ts'
import { planScenario } from '../../../src/scenario/plan-scenario.ts'
import { startUpstreams } from '../../../src/stage/live/upstreams.ts'
import type { UpstreamsConfig } from '../../../src/upstreams/role.ts'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { emptyList } from '../../faults/request/empty-list.ts'

const declared = scenario('own-fault', {
  story: 'Gemini answers nothing.',
  upstreams: { gemini },
  gateway: { ci: {}, production: {} },
  load: { rate: perSecond(10), mix: [gemini.listModels()] },
  phases: () => [phase('empty', '5s', emptyList('gemini', { status: 200 }, { routes: ['listModels'] }))],
  criteria: [errorRate().below('99%')],
})

it('acts in the process of the fakes as it was written in a scenario', async () => {
  const written = planScenario(declared, { seed: 1, settings: 'ci', source: 'own-fault.ts' })
  const plan = JSON.parse(JSON.stringify(written)) as Plan
  await using upstreams = await startUpstreams(plan, { onLines: () => {} })
  const [{ id, fault }] = plan.faults as [Plan['faults'][0]]
  if (fault.made !== 'request') throw new Error('expected a request fault')
  const control = `${upstreams.controlUrls['gemini']}/faults`
  const put = (body: object) => fetch(`${control}/${id}`, { method: 'PUT', body: JSON.stringify(body) })
  const models = async () => (await fetch(`http://127.0.0.1:${upstreams.ports['gemini']}/v1beta/models`)).json()

  expect(await models()).toHaveProperty('models')
  expect((await put({ fault: fault.fault, hits: fault.hits })).status).toBe(200)
  expect(await models()).toEqual([])

  const wrong = await put({ fault: { ...fault.fault, params: { status: 500 } } })
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('fault.params.status')])
  const unloaded = await put({ fault: { ...fault.fault, export: 'another' } })
  expect([unloaded.status, await unloaded.text()]).toEqual([400, expect.stringContaining('#another is not loaded')])
})

it('keeps the fakes from starting when it is not found', async () => {
  const role = new URL('../../../src/upstreams/role.ts', import.meta.url)
  const customFaults = [{ module: 'test/faults/request/empty-list.ts', export: 'emptyLst' }]
  const starting = startRole('upstreams', role, { seed: 1, upstreams: {}, customFaults } satisfies UpstreamsConfig)
  await expect(starting).rejects.toMatchObject({ code: 'invalid_scenario', message: expect.stringContaining('did you mean "emptyList"?') })
})
