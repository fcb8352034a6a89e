// One chat over several upstreams.
import { type Script } from './created.ts'
import { type Rows, chat, chromaDown, refused, unread } from './row.ts'
const billingDown: Script = (upstream) => (upstream === 'billing' ? [500] : [200, { found: 'x' }])

export const chainRows: Rows = {
  'POST /v1/api/chat': {
    'all is well': {
      script: (upstream) => [200, upstream === 'chroma' ? { found: 'x' } : {}],
      body: chat,
      headers: { 'x-request-id': 'r-1' },
      status: 200,
      has: { 'x-request-id': 'r-1', 'x-gateway-outcome': 'ok' },
      json: { answer: { found: 'x' }, steps: { search: { status: 'ok' }, charge: { status: 'ok' }, snapshot: { status: 'begun' } } },
    },
    'the search is down': {
      script: chromaDown,
      body: chat,
      status: 200,
      has: { 'x-gateway-outcome': 'fallback', 'x-gateway-fallback': 'static', 'x-gateway-fallback-reason': 'upstream_status' },
      json: {
        answer: null,
        steps: { search: { status: 'failed', reason: 'upstream_status' }, charge: { status: 'ok' }, snapshot: { status: 'begun' } },
      },
    },
    'billing is down': {
      script: billingDown,
      body: chat,
      ...refused(
        503,
        'step_failed',
        'service_unavailable',
        'A service that this request cannot do without is not available. Please try again shortly. The step that failed: charge.',
        'charge: billing failed (upstream_status); nothing after it was asked',
        true,
        'upstream_error',
      ),
    },
    'a field is missing': { body: {}, ...unread('query is required: a text or a number') },
    'no JSON': { body: '{"query":', ...unread('the body is no JSON: Unexpected end of JSON input') },
  },
}
