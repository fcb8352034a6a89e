// A text-embeddings server of one's own, as Hugging Face's text-embeddings-inference is (huggingface.github.io/text-embeddings-inference).
// Its one accelerator works on a few requests at once; the others wait, as they would in its queue of batches.
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'

const DIMENSIONS = 32

const failure = (error: string, kind: string): unknown => ({ error, error_type: kind })

export const embeddings = defineUpstream(import.meta, {
  name: 'embeddings',
  latency: { median: '150ms', sigma: 0.2 },
  capacity: { workers: 8, queue: 1000 },
  routes: {
    embed: {
      method: 'POST',
      path: '/embed',
      samples: { bodies: [{ inputs: 'what happens when the services we depend on go away' }, { inputs: ['one', 'two'] }] },
      reply: (request): Reply => {
        const { inputs } = (request.json() ?? {}) as { inputs?: unknown }
        const texts = typeof inputs === 'string' ? [inputs] : inputs
        if (!Array.isArray(texts) || texts.length === 0 || !texts.every((text) => typeof text === 'string'))
          return { status: 422, body: failure('Input validation error: `inputs` cannot be empty', 'Validation') }
        return { body: texts.map(() => Array.from({ length: DIMENSIONS }, () => Number((request.random.next() * 2 - 1).toFixed(6)))) }
      },
    },
  },
  errorBody: (status) => (status === 429 ? failure('Model is overloaded', 'Overloaded') : failure('Model is unhealthy', 'Unhealthy')),
})

if (import.meta.main) await serveAlone(embeddings)
