import { criteria, errorRate, faults, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/llm-providers.ts'

const { streams } = criteria
const providers = Object.keys(upstreams)
const streaming = { gemini: 'streamGenerateContent', openai: 'streamChatCompletion', anthropic: 'streamMessage' } as const
/** One stream in five of each provider. */
const oneInFive = Object.entries(streaming).map(([name, route]) => ({ name, hits: { share: 0.2, routes: [route] } }))

export default scenario('llm-stream-breaks', {
  story:
    'Streams of three providers of language models break in their middle: the connection is lost, nothing more comes, or an error is told in place ' +
    'of the rest. Users are told so, soon; they get whole events alone, and none of them twice.',
  tags: ['llm'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '8s'),
    phase('lost', '6s', ...oneInFive.map(({ name, hits }) => faults.disconnectMidBody(name, 0.5, hits))),
    phase('stalled', '6s', ...oneInFive.map(({ name, hits }) => faults.stalledStream(name, 0.5, hits))),
    phase('error inside', '6s', ...oneInFive.map(({ name, hits }) => faults.streamError(name, 503, hits))),
    phase('recovery', '8s'),
  ],
  criteria: [
    ...providers.flatMap((name) => [
      streams(name).whole(),
      streams(name).failoverBeforeFirstEvent(),
      streams(name).during('steady').firstEventWithin('800ms'),
      // A gateway that keeps a stream until it has all of it hands on no event of one that stalls.
      streams(name).during('stalled').firstEventWithin('800ms'),
      // One in five stalls: the p95 is how long a user waits for the rest of such a one.
      streams(name).during('stalled').gapsBelow('2s'),
      streams(name).during('recovery').firstEventWithin('800ms'),
    ]),
    errorRate().during('recovery').below('1%'),
  ],
})
