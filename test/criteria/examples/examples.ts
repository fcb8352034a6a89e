// What each kind of criterion says of hand-written histories, in one table. A new kind needs its line in the file of its room.
import { alertExamples } from './alerts.ts'
import { answerExamples } from './answers.ts'
import { breakerExamples } from './breaker.ts'
import type { Examples } from './example.ts'
import { fallbackExamples } from './fallbacks.ts'
import { growthExamples } from './growth.ts'
import { operationExamples } from './operations.ts'
import { requestExamples } from './requests.ts'
import { retryExamples } from './retries.ts'
import { saturationExamples } from './saturation.ts'
import { streamExamples } from './streams.ts'
import { webhookExamples } from './webhooks.ts'

/** Made anew each time: some stories count the requests that they were asked for. */
export const examples = (): Examples => ({
  ...breakerExamples(),
  ...retryExamples(),
  ...fallbackExamples(),
  ...streamExamples(),
  ...answerExamples(),
  ...growthExamples(),
  ...saturationExamples(),
  ...alertExamples(),
  ...webhookExamples(),
  ...operationExamples(),
  ...requestExamples(),
})
