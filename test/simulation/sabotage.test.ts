// Some of the sabotages of the policies, on a few seeds. All of them on many: `npm run sabotage:simulated`.
import { expect, it } from 'vitest'
import { QUICK } from '../sabotage/scenarios.ts'
import { ofPolicies, simulateSabotage } from '../sabotage/simulated.ts'

const quick = ofPolicies.filter(({ scenario, id }) => scenario === QUICK && ['M01', 'M06b', 'M13'].includes(id))

it('has defects to plant', () => {
  expect(quick.length).toBe(3)
})

it.each(quick)('catches $id ($title), and for its own reason first', async (sabotage) => {
  const caught = await simulateSabotage(sabotage, [1, 2])
  expect(caught).toEqual([1, 2].map((seed) => ({ seed, how: 'caught', what: expect.any(String) })))
})
