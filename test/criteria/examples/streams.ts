// Examples of criteria of streams.
import type { streamCriteria } from '../../../src/criteria/streams/streams.ts'
import { all, cutAfterTwo, gotTwo, plain, some, streamed } from '../streams/stories.ts'
import type { Examples } from './example.ts'

const whole = all(streamed())
const fewOf = { ...whole, perSecond: 0.2 }
const unknown = { ...streamed({ eventsChecksum: '0000dead' }), attempts: 0 }

export const streamExamples = (): Examples<keyof typeof streamCriteria> => ({
  first_event_within: {
    criterion: { kind: 'first_event_within', upstream: 'gemini', quantile: 0.95, withinMs: 200 },
    pass: whole,
    fail: { late_events: all(streamed({ firstByteMs: 5, firstEventMs: 300 })) },
    inconclusive: { no_samples: plain, too_few_samples: fewOf },
  },
  gaps_below: {
    criterion: { kind: 'gaps_below', upstream: 'gemini', quantile: 0.95, belowMs: 200 },
    pass: whole,
    fail: { late_events: some(streamed({ eventGapMs: 900 })) },
    inconclusive: { no_samples: plain, too_few_samples: fewOf },
  },
  streams_whole: {
    criterion: { kind: 'streams_whole', upstream: 'gemini' },
    pass: whole,
    fail: { broken_stream: some(streamed(gotTwo)) },
    inconclusive: { no_samples: plain, too_few_samples: some(unknown, 50) },
  },
  failover_before_first_event: {
    criterion: { kind: 'failover_before_first_event', upstream: 'gemini' },
    pass: some(streamed({ ...gotTwo, outcome: 'connection_error', streamCut: true }, cutAfterTwo)),
    fail: { broken_stream: some(streamed({ events: 5, eventsChecksum: '000000ab', firstEventMs: 3 }, cutAfterTwo, {})) },
    inconclusive: { no_samples: whole },
  },
})
