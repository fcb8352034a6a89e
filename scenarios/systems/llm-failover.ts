// A chat whose model two providers offer by the same API. Where the first one cannot answer, the gateway asks the second the same.
import { azureOpenai } from '../../fake-upstreams/azure-openai.ts'
import { openai } from '../../fake-upstreams/openai.ts'
import { perSecond, reference } from '../../src/index.ts'

const breaker = { failures: 5, recovery: '5s', recoveryGrowth: 1 } as const
const retry = { attempts: 3, base: '100ms' } as const
const provider = { timeout: { attempt: '2s', total: '6s' }, breaker, retry }
const patient = {
  timeout: { attempt: '30s', total: '90s' },
  breaker: { ...breaker, recovery: '60s' },
  retry: { ...retry, base: '1s' },
} as const
const fallback = { kind: 'route' as const, upstream: 'azure-openai' }

export const upstreams = { openai, 'azure-openai': azureOpenai }

export const gateway = reference(
  { openai: { ...provider, fallback }, 'azure-openai': provider, server: { streamIdle: '1s' } },
  { production: { openai: { ...patient, fallback }, 'azure-openai': patient, server: { streamIdle: '30s' } } },
)

/** Some of the users ask the second provider themselves. */
export const load = {
  rate: perSecond(100),
  mix: [
    openai.streamChatCompletion({ weight: 5 }),
    openai.createChatCompletion({ weight: 3 }),
    azureOpenai.createChatCompletion({ weight: 1 }),
    azureOpenai.streamChatCompletion({ weight: 1 }),
  ],
}
