// A crowd of connections, each of which sends its next request as soon as the last one is answered: autocannon's closed loop, with a
// record of every answer by its outcome. Its own totals know statuses alone, and nothing of a connection that is closed without an answer.
import type { IncomingHttpHeaders } from 'node:http'
import type { EventEmitter } from 'node:events'
import type autocannon from 'autocannon'
import { marks } from '../../../contract/headers.ts'
import type { Outcome } from '../../../contract/outcome.ts'
import type { SaturationEvent } from '../../../evidence/events.ts'
import { LatencyRecorder, latenciesOf } from '../../../evidence/latency-histogram.ts'
import type { Clock, Ms } from '../../../kernel/clock.ts'
import { classify } from '../load/classify.ts'
import type { LoadPlan } from '../load/generator.ts'
import { crowdRequests } from './crowd-requests.ts'

export interface CrowdParts {
  autocannon: typeof autocannon
  clock: Clock
  plan: LoadPlan
  /** What request ids of the run start with. */
  run: string
  phase: string
  connections: number
  /** Base URL of the gateway. */
  target: string
  /** When the crowd leaves, on the clock. */
  untilMs: Ms
  signal: AbortSignal
  write: (event: SaturationEvent) => void
}

/** What a connection waits for. */
interface Pending {
  sent: Ms
  expected: readonly number[]
}

const SECOND: Ms = 1000
// autocannon ends its run at the first sample after the last connection is gone.
const SAMPLE: Ms = 50
// It would end the run by itself, at the end of a sample: the crowd leaves at once.
const NEVER_SECONDS = 86_400
// It takes no timeout below this. A connection that its client has given up is then closed a little later.
const LEAST_SECONDS = 1

/** Resolves when the crowd has left: at its time, or soon after the signal. */
export async function playCrowd({
  clock,
  plan,
  run,
  phase,
  connections,
  target,
  untilMs,
  signal,
  write,
  ...parts
}: CrowdParts): Promise<void> {
  const { timeoutMs } = plan.load
  const next = crowdRequests(plan, run, phase)
  const clients: autocannon.Client[] = []
  const pending = new Map<autocannon.Client, Pending>()
  let since = clock.now()
  let answers = new Map<Outcome, LatencyRecorder>()
  let unmarked = 0
  let isOver = false

  const ended = (client: autocannon.Client, outcome: Outcome): void => {
    const request = pending.get(client)
    if (!request || isOver) return
    pending.delete(client)
    const tookMs = clock.now() - request.sent
    // What came after the client's patience was over has come for nobody.
    const became = tookMs >= timeoutMs ? 'client_timeout' : outcome
    let recorder = answers.get(became)
    if (!recorder) answers.set(became, (recorder = new LatencyRecorder(2)))
    recorder.record(tookMs)
  }
  // autocannon sends the next request before it tells of a timeout, and tells nothing of a connection that was closed.
  const unanswered = (client: autocannon.Client): void => {
    ended(client, 'connection_error')
  }

  const watch = (client: autocannon.Client): void => {
    let headers: IncomingHttpHeaders = {}
    clients.push(client)
    // The types leave these two out.
    const sending: EventEmitter = client
    sending.on('request', () => {
      unanswered(client)
      pending.set(client, { sent: clock.now(), expected: next.expected() })
    })
    sending.on('connError', () => unanswered(client))
    // What its parser gives: names and values in one list. The types say otherwise.
    client.on('headers', (head) => (headers = headersOf((head as unknown as { headers: string[] }).headers)))
    client.on('response', (status) => {
      const { outcome, isUnmarked } = classifyOfCrowd(status, headers, pending.get(client)?.expected ?? [])
      if (isUnmarked && !isOver) unmarked++
      ended(client, outcome)
    })
  }

  const report = (waiting?: SaturationEvent['waiting']): void => {
    const t = clock.now()
    const byOutcome = Object.fromEntries([...answers].map(([outcome, recorder]) => [outcome, recorder.result()]))
    write({ type: 'saturation', t, phase, connections, lastMs: t - since, answers: byOutcome, unmarked, ...(waiting && { waiting }) })
    since = t
    answers = new Map()
    unmarked = 0
  }

  const left = Promise.withResolvers<void>()
  parts.autocannon(
    {
      url: target,
      connections,
      duration: NEVER_SECONDS,
      timeout: Math.max(LEAST_SECONDS, timeoutMs / 1000),
      sampleInt: SAMPLE,
      setupClient: watch,
      // What it is given holds the address.
      requests: [{ setupRequest: (given) => ({ ...given, ...next.request() }) }],
    },
    (refused: unknown) => (refused ? left.reject(refused) : left.resolve()),
  )
  const isThere = (): boolean => !signal.aborted && clock.now() < untilMs
  while (isThere()) {
    await clock.sleep(Math.min(since + SECOND, untilMs) - clock.now(), signal).catch(() => {})
    if (isThere()) report()
  }
  report(latenciesOf([...pending.values()].map(({ sent }) => clock.now() - sent)))
  isOver = true
  for (const client of clients) (client as autocannon.Client & { destroy(): void }).destroy()
  await left.promise
}

/** An answer of 429 or 503 that does not say who made it is taken for a refusal; the upstreams' own are taken off when it is judged. */
function classifyOfCrowd(
  status: number,
  headers: IncomingHttpHeaders,
  expected: readonly number[],
): { outcome: Outcome; isUnmarked: boolean } {
  const { outcome } = classify({ is: 'answered', status, headers }, expected)
  const isMarked = [marks.outcome, marks.error, marks.fallback].some((name) => headers[name] !== undefined)
  const isUnmarked = !isMarked && outcome !== 'ok' && (status === 429 || status === 503)
  return { outcome: isUnmarked && status === 503 ? 'shed' : outcome, isUnmarked }
}

function headersOf(raw: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Array.from({ length: raw.length >> 1 }, (_, at) => [raw[2 * at]!.toLowerCase(), raw[2 * at + 1]!]))
}
