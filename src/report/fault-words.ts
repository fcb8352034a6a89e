// A planned fault in a few words: "answers 503", "timeout toxic downstream, 30 % of connections".
import type { Latency, RequestFault } from '../faults/request-fault.ts'
import type { NetworkFault } from '../toxiproxy/toxics/toxic-spec.ts'
import type { PlannedFault } from '../plan/plan.ts'
import { share as percent, span } from '../kernel/wording.ts'

export function faultWords({ fault }: Pick<PlannedFault, 'fault'>): string {
  if (fault.made === 'network') return networkWords(fault)
  const { share, first, every, attempts } = fault.hits
  const hits = [
    share !== undefined && share < 1 && `${percent(share)} of requests`,
    first !== undefined && `only the first ${first === 1 ? 'request' : `${first} requests`}`,
    every !== undefined && `1 request in ${every}`,
    attempts !== undefined && `only the first ${attempts === 1 ? 'attempt' : `${attempts} attempts`}`,
  ].filter(Boolean)
  return [requestWords(fault.fault), ...hits].join(', ')
}

function requestWords(fault: RequestFault): string {
  switch (fault.is) {
    case 'status':
      return `answers ${fault.status}${fault.retryAfter === undefined ? '' : `, Retry-After ${fault.retryAfter}`}`
    case 'latency':
      return `adds ${latencyWords(fault.latency)}`
    case 'hang':
      return 'never answers'
    case 'disconnect':
      return fault.when === 'mid_body' ? 'disconnects in mid-body' : 'disconnects before headers'
    case 'truncated':
      return `sends ${percent(fault.fraction)} of the body`
    case 'malformed':
      return 'malformed body'
    // Drip, the last kind: a new one does not have these fields and is told so here.
    default:
      return `drips ${fault.pieces} pieces, ${span(fault.intervalMs)} apart`
  }
}

function latencyWords(latency: Latency): string {
  if (latency.is === 'fixed') return span(latency.ms)
  if (latency.is === 'uniform') return `${span(latency.minMs)} to ${span(latency.maxMs)}`
  return `about ${span(latency.medianMs)}`
}

function networkWords(fault: NetworkFault): string {
  if (fault.is === 'down') return 'refuses connections'
  const attributes = Object.entries(fault.toxic.attributes).map(([name, value]) => `${name} ${value}`)
  const share = fault.toxicity < 1 ? [`${percent(fault.toxicity)} of connections`] : []
  return [`${fault.toxic.type} toxic ${fault.stream}`, ...attributes, ...share].join(', ')
}
