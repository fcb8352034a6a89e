// Reports what passes at the client side of the proxies: connections, and the heads of requests. It only looks on.
import { type FrontEvent, STORE_PROXY } from '../../contract/front-events.ts'
import { keyHash } from '../../contract/key-hash.ts'
import { CANARY_PATH } from '../../contract/paths.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { TapClients } from '../proxy/client-tap.ts'
import { type RequestHead, RequestHeads } from './request-heads.ts'

export function watchClients(clock: Clock, write: (event: FrontEvent) => void): TapClients {
  return (upstream, connection) => {
    if (upstream === STORE_PROXY) return undefined
    let attempts = 0
    let canaries = 0
    const heads = new RequestHeads((head) => {
      if (head.path === CANARY_PATH) canaries++
      else {
        attempts++
        write({ type: 'attempt', t: clock.now(), upstream, connection, ...described(head) })
      }
    })
    const tell = (edge: 'opened' | 'closed', seen: { opaque?: true; canary?: true } = {}): void =>
      write({ type: 'connection', t: clock.now(), upstream, connection, edge, ...seen })
    tell('opened')
    return {
      read: (data) => heads.read(data),
      closed() {
        const { opaque } = heads
        tell('closed', { ...(opaque && { opaque }), ...(canaries > 0 && attempts === 0 && !opaque && { canary: true }) })
      },
    }
  }
}

function described({ request, method, path, key }: RequestHead): { request: string; method: string; path: string; key?: string } {
  return { request, method, path, ...(key !== '' && { key: keyHash(key) }) }
}
