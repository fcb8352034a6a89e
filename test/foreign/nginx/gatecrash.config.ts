// `gatecrash run generic-outage` in this folder plays it with nginx in front of two services.
import { assemblyai } from '../../../fake-upstreams/assemblyai.ts'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { defineConfig } from '../../../src/index.ts'

export default defineConfig({
  gateway: {
    command: 'exec nginx -p "$(dirname {files.nginx.conf})" -c {files.nginx.conf}',
    files: { 'nginx.conf': './nginx.conf.template' },
  },
  upstreams: { gemini, assemblyai },
  routes: [
    gemini.getModel({ weight: 2 }),
    gemini.generateContent(),
    gemini.streamGenerateContent({ weight: 0.5 }),
    assemblyai.getTranscript({ weight: 2 }),
    assemblyai.createTranscript(),
  ],
  rate: 150,
})
