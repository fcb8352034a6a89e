// One path of the traffic port that is answered 200 at once, whatever the method, outside the log and its ordinals. No request fault hits
// it, so whatever happens to a canary on its way through the proxy is the work of the network.
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
