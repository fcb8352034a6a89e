// Podcast production: transcripts from AssemblyAI, texts from Gemini. Its upstreams, the gateway's settings, and what its users ask for.
// In production a breaker stays open for 60 s; for CI the same behaviour is played with 5 s.
import { assemblyai } from '../../fake-upstreams/assemblyai.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { perSecond, reference } from '../../src/index.ts'
import { recommendations } from './recommended/podcast-production.ts'
import { withRecommended } from './recommended/recommendation.ts'

const breaker = { failures: 5, recovery: '5s', recoveryGrowth: 1 } as const
// Gemini is asked by POST, and only reads.
const fallback = { kind: 'cached' as const, unsafe: ['POST /v1beta/models/*'] }
const retry = { attempts: 3, base: '100ms' } as const

const patient = {
  timeout: { attempt: '10s', total: '30s' },
  breaker: { ...breaker, recovery: '60s' },
  retry: { ...retry, base: '1s' },
} as const
const production = { gemini: patient, assemblyai: patient }

export const upstreams = { gemini, assemblyai }

export const gateway = reference(
  {
    gemini: { timeout: { attempt: '1s', total: '5s' }, breaker, retry, fallback },
    assemblyai: { timeout: { attempt: '1s', total: '5s' }, breaker, retry },
  },
  { production, recommended: withRecommended(production, recommendations) },
)

export const mix = [
  gemini.generateContent({ weight: 3 }),
  gemini.getModel({ weight: 1 }),
  assemblyai.getTranscript({ weight: 3 }),
  assemblyai.createTranscript({ weight: 1 }),
]

export const load = { rate: perSecond(200), mix }
