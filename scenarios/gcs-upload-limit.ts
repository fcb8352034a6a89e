import { breaker, criteria, errorRate, p95, phase, request, scenario, warmUp } from '../src/index.ts'
import { gateway, load, mix, uploadLimit, upstreams } from './systems/podcast-production.ts'

export default scenario('gcs-upload-limit', {
  story:
    'Some uploads are larger than the gateway takes. Each is refused with 413 and the limit, before Cloud Storage sees a byte of it; uploads of ' +
    'the right size go on, and nobody else notices.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  load: {
    ...load,
    mix: [
      ...mix,
      request('an upload that is too large', {
        method: 'POST',
        path: '/gcs/upload/storage/v1/b/podcast-audio/o?uploadType=media&name=large.mp3',
        headers: { 'content-type': 'audio/mpeg' },
        body: 'x'.repeat(2 * uploadLimit),
        reaches: ['gcs'],
        expectedStatuses: [413],
        during: ['large uploads'],
      }),
    ],
  },
  phases: () => [warmUp('3s'), phase('steady', '12s'), phase('large uploads', '15s'), phase('after', '5s')],
  criteria: [
    breaker('gcs').staysClosed(),
    criteria
      .answers('gcs')
      .during('large uploads')
      .carry({ header: 'x-gateway-error', value: 'request_too_large' }, { routes: ['an upload that is too large'] }),
    criteria.answers('gcs').carry({ header: 'x-response-time' }),
    ...['assemblyai', 'gemini', 'elevenlabs', 'auphonic'].map((other) => p95().of(other).during('large uploads').below('500ms')),
    errorRate().during('steady', 'after').below('1%'),
  ],
})
