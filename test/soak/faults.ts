// What happens to the upstream of a soak, one after the other.
import type { ToxiproxyClient } from '../../src/toxiproxy/client/client.ts'
import type { NetworkFault } from '../../src/faults/network/networks.ts'

export interface Switches {
  controlUrl: string
  toxiproxy: ToxiproxyClient
}

export interface SoakFault {
  on(switches: Switches): Promise<void>
  off(switches: Switches): Promise<void>
}

const none: SoakFault = { on: () => Promise.resolve(), off: () => Promise.resolve() }

function request(fault: object, hits: object = {}): SoakFault {
  const put = async (url: string, method: string, body?: string): Promise<void> => {
    const response = await fetch(`${url}/faults/F1`, body === undefined ? { method } : { method, body })
    if (!response.ok) throw new Error(`${method} ${body}: ${response.status} ${await response.text()}`)
  }
  return {
    on: ({ controlUrl }) => put(controlUrl, 'PUT', JSON.stringify({ id: 'F1', fault, hits })),
    off: ({ controlUrl }) => put(controlUrl, 'DELETE'),
  }
}

function network(fault: NetworkFault): SoakFault {
  return {
    on: ({ toxiproxy }) => toxiproxy.addFault('a', 'F1', fault),
    off: ({ toxiproxy }) => toxiproxy.removeFault('a', 'F1', fault),
  }
}

const downstream = (toxic: (NetworkFault & { is: 'toxic' })['toxic']): SoakFault =>
  network({ is: 'toxic', toxic, stream: 'downstream', toxicity: 1 })

export const faults: readonly SoakFault[] = [
  none,
  request({ is: 'status', status: 503 }),
  request({ is: 'hang' }),
  none,
  request({ is: 'disconnect', when: 'before_headers' }),
  request({ is: 'truncated', fraction: 0.5 }),
  request({ is: 'malformed' }),
  request({ is: 'stalled_stream', fraction: 0.5 }),
  request({ is: 'cut_stream', fraction: 0.5 }),
  request({ is: 'closed_after', answers: 3 }),
  request({ is: 'overloaded', workers: 2, queue: 10 }),
  none,
  downstream({ type: 'timeout', attributes: { timeout: 0 } }),
  downstream({ type: 'reset_peer', attributes: { timeout: 5 } }),
  downstream({ type: 'bandwidth', attributes: { rate: 200 } }),
  downstream({ type: 'latency', attributes: { latency: 250, jitter: 100 } }),
  network({ is: 'down' }),
]
