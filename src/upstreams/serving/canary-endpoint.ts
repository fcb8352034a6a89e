// The door that no fault guards: any method on this path of the traffic port is answered 200 at once, outside the log and its ordinals.
// What the network does to it, only the network does; that is how a stage feels a network fault through the proxy.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { CANARY_PATH } from '../../contract/paths.ts'

const LONGEST = 1024 * 1024

export function isCanary(url = ''): boolean {
  return url === CANARY_PATH || url.startsWith(`${CANARY_PATH}?`)
}

/** Answers `ok`, or as many bytes as `?bytes=n` asks for (1 MiB at most), once the request is read to its end. */
export function answerCanary(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const asked = Number(/[?&]bytes=(\d+)/.exec(incoming.url ?? '')?.[1] ?? 0)
  incoming.resume().once('end', () => outgoing.end('ok'.padEnd(Math.min(asked, LONGEST), '.')))
}
