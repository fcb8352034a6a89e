// What nginx and HAProxy are put in front of: two services, and what is asked of them.
import { assemblyai } from '../../fake-upstreams/assemblyai.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'

export const twoServices = {
  upstreams: { gemini, assemblyai },
  routes: [
    gemini.getModel({ weight: 2 }),
    gemini.generateContent(),
    gemini.streamGenerateContent({ weight: 0.5 }),
    assemblyai.getTranscript({ weight: 2 }),
    assemblyai.createTranscript(),
  ],
  rate: 150,
}
