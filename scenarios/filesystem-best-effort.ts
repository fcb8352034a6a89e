import { criteria, errorRate, faults, p95, phase, scenario, times, warmUp } from '../src/index.ts'
import { chatLoad, gateway, upstreams } from './systems/writing-assistant.ts'

export default scenario('filesystem-best-effort', {
  story:
    'The file service hangs. After each chat its text is saved, and nobody waits for that: chats are answered as quickly as ever and as well. When ' +
    'files can be saved again, they are.',
  tags: ['writing-assistant', 'services'],
  upstreams,
  gateway,
  load: chatLoad,
  phases: ({ gateway: { filesystem } }) => [
    warmUp('3s'),
    phase('steady', '8s'),
    phase('hanging', times(2, filesystem.breaker.recovery), faults.hang('filesystem')),
    phase('recovery', times(2, filesystem.breaker.recovery)),
  ],
  criteria: ({ gateway: { filesystem } }) => [
    criteria.breaker('filesystem').opensWithin('3s').of('hanging'),
    errorRate().of('billing').during('hanging').below('1%'),
    criteria.fallbacks('chroma').during('hanging').below('1%'),
    p95().of('billing').during('hanging').below('500ms'),
    criteria.unharmed('billing').comparedWith('steady'),
    criteria.breaker('filesystem').recoversAfter(filesystem.breaker.recovery, { atMost: times(1.8, filesystem.breaker.recovery) }),
  ],
})
