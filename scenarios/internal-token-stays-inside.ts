import { criteria, errorRate, phase, scenario, status, warmUp } from '../src/index.ts'
import { chroma } from '../fake-upstreams/chroma.ts'
import { filesystem } from '../fake-upstreams/filesystem.ts'
import { chatLoad, gatewayWithToken, upstreams } from './systems/writing-assistant.ts'

const forged = { headers: { 'x-internal-token': 'forged-by-a-client' } }

export default scenario('internal-token-stays-inside', {
  story:
    "The team's own services know the gateway by a token. Clients send one of their own, which nobody is told. Chroma, which is outside, gets none, " +
    'also while it fails and is asked again.',
  tags: ['writing-assistant', 'services'],
  upstreams,
  gateway: gatewayWithToken,
  load: { ...chatLoad, mix: [...chatLoad.mix, filesystem.whoAmI({ weight: 2, ...forged }), chroma.identity({ weight: 2, ...forged })] },
  phases: () => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('trouble', '10s', status('chroma', 503, { share: 0.1 })),
    phase('after', '8s'),
  ],
  criteria: [
    criteria.answers('filesystem').carry({ header: 'x-known-as', value: 'a service' }, { of: ['ok'], routes: ['filesystem.whoAmI'] }),
    criteria.answers('chroma').carry({ header: 'x-known-as', value: 'nobody' }, { of: ['ok'], routes: ['chroma.identity'] }),
    errorRate().of('filesystem').below('1%'),
  ],
})
