// Any gateway in any language: nothing is known of it but that `/{upstream}/…` reaches the upstream. What is expected of it is said by
// `--expect`; what nobody expects, and it does not have, only warns.
import { assemblyai } from '../../fake-upstreams/assemblyai.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { perSecond } from '../../src/index.ts'

export const upstreams = { gemini, assemblyai }

const mix = [
  gemini.getModel({ weight: 2 }),
  gemini.generateContent({ weight: 1 }),
  assemblyai.getTranscript({ weight: 2 }),
  assemblyai.createTranscript({ weight: 1 }),
]

export const load = { rate: perSecond(150), mix }
