// Two clients ask for the same path, and each has an answer of its own.
import { criteria, perSecond, phase, scenario, warmUp } from '../../../src/index.ts'
import { accounts } from '../upstreams/accounts.ts'

const identities = [
  { name: 'ada', headers: { 'x-account': 'ada' } },
  { name: 'bob', headers: { 'x-account': 'bob' } },
]

export default scenario('two-accounts', {
  story: 'Nothing goes wrong, and nobody gets what another one was given.',
  upstreams: { accounts },
  load: { rate: perSecond(100), mix: [accounts.me({ identities })] },
  phases: () => [warmUp('2s'), phase('steady', '8s')],
  criteria: [criteria.identities().keptApart()],
})
