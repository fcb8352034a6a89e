// Language models of three providers, asked for whole answers and for streams. What a stream has shown cannot be taken back: it is never asked
// for again. A stream that says nothing for a second is given up.
import { anthropic } from '../../fake-upstreams/anthropic.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { openai } from '../../fake-upstreams/openai.ts'
import { perSecond, reference } from '../../src/index.ts'

const timeout = { attempt: '2s', total: '6s' } as const
const breaker = { failures: 5, recovery: '5s', recoveryGrowth: 1 } as const
const retry = { attempts: 3, base: '100ms' } as const
const provider = { timeout, breaker, retry }
const patient = {
  timeout: { attempt: '30s', total: '90s' },
  breaker: { ...breaker, recovery: '60s' },
  retry: { ...retry, base: '1s' },
} as const

export const upstreams = { gemini, openai, anthropic }

export const gateway = reference(
  { gemini: provider, openai: provider, anthropic: provider, server: { streamIdle: '1s' } },
  { production: { gemini: patient, openai: patient, anthropic: patient, server: { streamIdle: '30s' } } },
)

export const load = {
  rate: perSecond(120),
  mix: [
    gemini.streamGenerateContent({ weight: 3 }),
    gemini.getModel({ weight: 1 }),
    openai.streamChatCompletion({ weight: 3 }),
    openai.retrieveModel({ weight: 1 }),
    anthropic.streamMessage({ weight: 3 }),
    anthropic.getModel({ weight: 1 }),
  ],
}
