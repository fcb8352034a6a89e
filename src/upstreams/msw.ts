// A fake upstream inside a test's own process, without sockets: handlers for Mock Service Worker. For the same seed and order of
// requests they decide as the server does.
import type { HttpHandler } from 'msw/http'
import { type Clock, realClock } from '../kernel/clock.ts'
import { optionalPackage } from '../kernel/modules/optional-package.ts'
import { bytesIn } from '../contract/piece.ts'
import type { Answer } from './answering/answer.ts'
import { responder } from './answering/responder.ts'
import type { Upstream } from './define.ts'
import type { ActiveFault } from '../faults/active-fault.ts'

const { http, HttpResponse } = await optionalPackage('msw', 'gatecrash/msw', () => import('msw/http'))

export interface MswOptions {
  /** Where the code under test believes the upstream to be, such as `https://gemini.test`. */
  baseUrl: string
  seed: number
  faults?: readonly ActiveFault[]
  /** Latencies pass by this clock. */
  clock?: Clock
}

/**
 * Handlers for `setupServer` and `setupWorker`. A broken connection looks as fetch shows it: a network error before the headers, and
 * a body that fails in mid-stream after them. Whether it ended by RST or by FIN cannot be told. There are no connections, so none is
 * closed after so many answers.
 */
export function mswHandlers(upstream: Upstream, { baseUrl, seed, faults = [], clock = realClock }: MswOptions): HttpHandler[] {
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  const { respond, faults: active } = responder(upstream, seed)
  for (const fault of faults) active.set(fault)

  const handler = http.all(`${base.origin}${prefix}/*`, async ({ request }) => {
    const { pathname, search } = new URL(request.url)
    const arrival = {
      method: request.method,
      target: pathname.slice(prefix.length) + search,
      headers: Object.fromEntries(request.headers),
      body: Buffer.from(await request.clone().arrayBuffer()),
    }
    const { delayMs, answer } = respond(arrival, clock.now())
    if (answer.is === 'silence') return aborted(request.signal)
    await clock.sleep(delayMs, request.signal)
    return answer.is === 'cut' ? HttpResponse.error() : responseOf(answer, clock, request.signal)
  })
  return [handler]
}

/** Settles only when the client gives up. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = (): void => reject(signal.reason as Error)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

function responseOf({ status, headers, pieces, intervalMs, ending }: Answer & { is: 'sent' }, clock: Clock, signal: AbortSignal): Response {
  if (pieces.length === 0 && ending === 'complete') return new Response(null, { status, headers })
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next > 0 && intervalMs > 0 && next < pieces.length) await clock.sleep(intervalMs, signal)
      const piece = pieces[next++]
      if (piece) return controller.enqueue(bytesIn(piece))
      if (ending === 'complete') return controller.close()
      if (ending === 'hold') return aborted(signal)
      // MSW destroys its connection at once. One turn of the event loop lets the client read what came before.
      await realClock.sleep(0)
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body, { status, headers })
}
