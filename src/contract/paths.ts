// Addresses that both sides know.

/** Answers 2xx when a gateway is ready, unless another path is named. */
export const READY_PATH = '/healthz'

/** Breaker transitions, and alerts, as server-sent events. */
export const EVENTS_PATH = '/api/v1/resilience/events'

/** Webhooks that a gateway accepted, and where each stands. */
export const WEBHOOKS_PATH = '/webhooks'

/** Long operations that a gateway accepted, and where each stands. */
export const OPERATIONS_PATH = '/operations'

/** Of every fake, on its traffic port: answered at once, outside its log and its faults. */
export const CANARY_PATH = '/__gatecrash/canary'
