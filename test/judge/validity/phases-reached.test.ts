import { expect, it } from 'vitest'
import { judge } from '../../../src/judge/judge.ts'
import { evidenceOf, planOf } from '../history.ts'
import { recoveryP95 } from '../criteria.ts'

it('passes nothing in a phase that was not reached', async () => {
  const plan = planOf([recoveryP95])
  const evidence = await evidenceOf({}, plan)
  evidence.phases.find(({ phase }) => phase === 'recovery')!.startedMs = null
  expect(judge(plan, evidence).findings[0]).toMatchObject({ result: 'inconclusive', cause: 'phase_not_reached' })
})
