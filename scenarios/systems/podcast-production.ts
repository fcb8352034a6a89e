// Podcast production with all five of its upstreams: transcripts, texts, audio processing, voices, storage. Every one has a breaker; what a user
// gets instead says what it is: a way to upload a transcript by hand, audio that is processed in a basic way only.
import { assemblyai } from '../../fake-upstreams/assemblyai.ts'
import { auphonic } from '../../fake-upstreams/auphonic.ts'
import { elevenlabs } from '../../fake-upstreams/elevenlabs.ts'
import { gcs } from '../../fake-upstreams/gcs.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { perSecond, reference } from '../../src/index.ts'
import { recommendations } from './recommended/podcast-production.ts'
import { withRecommended } from './recommended/recommendation.ts'

const breaker = { failures: 5, recovery: '5s', recoveryGrowth: 1 } as const
const retry = { attempts: 3, base: '100ms' } as const
const timeout = { attempt: '1s', total: '5s' } as const
const quick = { timeout, breaker, retry }
const patient = {
  timeout: { attempt: '10s', total: '35s' },
  breaker: { ...breaker, recovery: '60s' },
  retry: { ...retry, base: '1s' },
} as const

// Each answer of another kind than the service's own says so in its body too.
const manualUpload = { kind: 'static' as const, status: 202, body: { status: 'manual_upload', upload: '/episodes/transcript' } }
const basicAudio = { kind: 'static' as const, status: 202, body: { status: 'basic_processing', loudness: 'unchanged' } }
const cachedTexts = { kind: 'cached' as const, unsafe: ['POST /v1beta/models/*'] }

const all = (settings: typeof quick | typeof patient) => ({
  assemblyai: { ...settings, fallback: manualUpload },
  gemini: { ...settings, fallback: cachedTexts },
  auphonic: { ...settings, fallback: basicAudio },
  elevenlabs: settings,
  gcs: settings,
})

/** An upload is at most so large. The team's limit is 100 MB; a small one shows the same in seconds. */
export const uploadLimit = 64 * 1024

export const upstreams = { assemblyai, gemini, auphonic, elevenlabs, gcs }

export const gateway = reference(
  { ...all(quick), server: { maxRequestBytes: uploadLimit } },
  { production: all(patient), recommended: withRecommended(all(patient), recommendations) },
)

export const mix = [
  assemblyai.getTranscript({ weight: 3 }),
  assemblyai.createTranscript({ weight: 1 }),
  gemini.generateContent({ weight: 3 }),
  auphonic.getProduction({ weight: 2 }),
  auphonic.createProduction({ weight: 1 }),
  elevenlabs.textToSpeech({ weight: 3 }),
  gcs.getObject({ weight: 2 }),
  gcs.upload({ weight: 1 }),
]

export const load = { rate: perSecond(260), mix }
