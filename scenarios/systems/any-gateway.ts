// What the generic scenarios are played on where a project has no gatecrash.config: any gateway in any language, of which nothing is
// known but that `/{upstream}/…` reaches the upstream. What nobody expects of it, and it does not have, only warns.
import { assemblyai } from '../../fake-upstreams/assemblyai.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { perSecond } from '../../src/index.ts'

const upstreams = { gemini, assemblyai }

const mix = [
  gemini.getModel({ weight: 2 }),
  gemini.generateContent({ weight: 1 }),
  assemblyai.getTranscript({ weight: 2 }),
  assemblyai.createTranscript({ weight: 1 }),
]

export const anyGateway = { upstreams, load: { rate: perSecond(150), mix } }

/** The same with a route that streams. */
export const anyStreamingGateway = {
  upstreams,
  load: { rate: perSecond(180), mix: [...mix, gemini.streamGenerateContent({ weight: 2 })] },
}
