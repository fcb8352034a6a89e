// Podcast production with episodes as long operations: the gateway accepts each, and has Auphonic process its audio. One that takes too long is
// stuck. The team waits two hours for it; two seconds show the same.
import { auphonic } from '../../fake-upstreams/auphonic.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { perSecond, reference, request } from '../../src/index.ts'

const operations = {
  stuckAfter: '2s',
  every: '250ms',
  retries: 10,
  work: { upstream: 'auphonic', path: '/api/productions.json', body: { metadata: { title: 'Episode' } } },
} as const
// Audio takes long: a call is waited for until its operation is given up.
const patient = { timeout: { attempt: '30s', total: '30s' } } as const
const texts = { timeout: { attempt: '2s', total: '5s' }, breaker: { failures: 5, recovery: '5s' } } as const
const services = { operations, alerts: { over: '2s' } } as const

export const upstreams = { auphonic, gemini }

export const gateway = reference(
  { auphonic: patient, gemini: texts, services },
  {
    production: {
      auphonic: { timeout: { attempt: '3h', total: '3h' } },
      gemini: texts,
      services: { ...services, operations: { ...operations, stuckAfter: '2h', every: '1min' } },
    },
  },
)

const episode = request('episode', { method: 'POST', path: '/operations', body: { kind: 'episode' }, weight: 1 })

export const load = { rate: perSecond(180), mix: [episode, auphonic.getProduction({ weight: 1 }), gemini.generateContent({ weight: 7 })] }
