// What the gateway can do otherwise than most, and is healthy with.
export const variants = {
  'closes-connections': 'it ends every connection after one answer, to its clients and to its upstreams',
  gzip: 'it compresses every answer',
  'health-checks': 'it asks each upstream twice a second how it is',
  'no-ids': 'it passes no request id on',
  'retry-inside': 'its breaker stands around a call with all its retries',
  'single-flight': 'clients that ask the same at once share one call',
  'slow-window': 'its breaker looks at the last ten seconds',
  'two-workers': 'two processes share its port, each with breakers of its own',
} as const

export type Variant = keyof typeof variants
