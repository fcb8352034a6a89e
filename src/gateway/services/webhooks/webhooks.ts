// Service `webhooks`: takes what is to be told to customers, answers once the store has it, and delivers it in its own time.
//
//   POST /webhooks                        202 with the reference id     GET  /webhooks/{reference}            its status
//   GET  /webhooks                        all statuses                  GET  /webhooks/dead-letters           what failed for good, and why
//   POST /webhooks/dead-letters/replay    all of it again               POST /webhooks/dead-letters/{reference}/replay
//   POST /webhook-cleanup                 forgets statuses of what is over
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { wallTime } from '../../../kernel/clock.ts'
import { isUsableId } from '../../request/headers.ts'
import { requestIdOf } from '../../request/refuse.ts'
import { StoreAway } from '../../stores/store.ts'
import { Refused, type ServiceMeans } from '../service.ts'
import { storeCheck } from '../store-check.ts'
import { unlessAway } from '../unless-away.ts'
import { Courier } from './courier.ts'
import { CORRELATION_ID, deliver } from './delivery.ts'
import { Dependency } from './dependency.ts'
import { WebhookLedger } from './ledger.ts'
import type { WebhooksSettings } from './settings.ts'
import { type Webhook, type WebhookTask, webhookTask, webhookView } from './webhook.ts'

/** Statuses, or dead letters, in one answer. */
const PAGE = 500
const STORE_LOOK = 1000
/** Seconds. */
const RETRY_AFTER = 1

interface Page {
  Querystring: { after?: string }
}

/** What the next page comes after; null when this one is the last. */
const nextOf = (page: readonly Webhook[]): string | null => (page.length < PAGE ? null : page.at(-1)!.reference_id)

interface Named {
  Params: { reference: string }
}

export async function webhooks(app: FastifyInstance, means: ServiceMeans<WebhooksSettings>): Promise<void> {
  const { settings, clock, random, log, call, breakers, json } = means
  const ledger = new WebhookLedger(await means.store(), settings.kept, wallTime)
  const courier = new Courier({ ledger, settings, clock, random, log, wallTime, deliver: (webhook) => deliver(webhook, settings, call) })
  const { evidence, evidenceHealth: path, healthFor: answerFor } = settings
  const dependency = evidence === undefined ? undefined : new Dependency({ upstream: evidence, path, answerFor, clock, call, breakers })
  const following = followStore(app, means, courier)
  const about = (summary: string, audience: 'clients' | 'operators') => ({ schema: { summary, tags: ['webhooks'] }, config: { audience } })

  app.post('/webhooks', about('Accepts a webhook; it is delivered later', 'clients'), async (request, reply) => {
    const task = await json(request, webhookTask)
    await refuseHopeless(task, dependency, courier.pending >= settings.pendingAtMost ? settings.pendingAtMost : undefined)
    const { reference_id: reference = requestIdOf(request), ...rest } = task
    const accepting = { reference, correlation: correlationOf(request), delivery: randomUUID(), task: rest }
    const { is, webhook } = await unlessAway(() => ledger.accept(accepting), following.doubt)
    if (is === 'other') throw new Refused({ reason: 'conflict', technical: `${reference} is the reference of another webhook` })
    if (is === 'new') courier.take(reference, 0)
    return reply.code(is === 'new' ? 202 : 200).send(webhookView(webhook))
  })
  app.get<Page>('/webhooks', about('Statuses in the order of their references, after one of them', 'operators'), async ({ query }) => {
    const page = await unlessAway(() => ledger.list(PAGE, query.after))
    return { webhooks: page.map(webhookView), next: nextOf(page) }
  })
  app.get<Named>('/webhooks/:reference', about('The status of one webhook', 'clients'), async ({ params: { reference } }) => {
    const found = await unlessAway(() => ledger.find(reference))
    if (!found) throw new Refused({ reason: 'not_found', technical: `no webhook ${reference}; statuses expire` })
    return webhookView(found)
  })
  app.get<Page>('/webhooks/dead-letters', about('What failed for good, with why', 'operators'), async ({ query }) => {
    const page = await unlessAway(() => ledger.deadLetters(PAGE, query.after))
    return { dead_letters: page.map((letter) => ({ ...webhookView(letter), task: letter.task })), next: nextOf(page) }
  })
  const replay = async (reference: string): Promise<boolean> => {
    const again = await unlessAway(() => ledger.replay(reference))
    if (!again) return false
    log.info({ correlation_id: again.correlation_id, reference_id: reference, delivery_id: again.delivery_id }, 'webhook sent again')
    courier.take(reference, 0)
    return true
  }
  app.post('/webhooks/dead-letters/replay', about('Sends all dead letters again', 'operators'), async (_request, reply) => {
    let replayed = 0
    for (let after: string | null = ''; after !== null;) {
      const page: Webhook[] = await unlessAway(() => ledger.deadLetters(PAGE, after!))
      for (const { reference_id } of page) if (await replay(reference_id)) replayed++
      after = nextOf(page)
    }
    return reply.code(202).send({ replayed })
  })
  app.post<Named>('/webhooks/dead-letters/:reference/replay', about('Sends one again', 'operators'), async ({ params }, reply) => {
    if (!(await replay(params.reference))) throw new Refused({ reason: 'not_found', technical: `no dead letter ${params.reference}` })
    return reply.code(202).send({ replayed: 1 })
  })
  app.post('/webhook-cleanup', about('Forgets the statuses of what is over', 'operators'), async () => ({
    removed: await unlessAway(() => ledger.cleanUp()),
  }))
  tellMetrics(means, courier)
  means.checks.set('store', () => storeCheck(following.status()))
  app.addHook('onClose', () => courier.close())
}

/** Inputs and dependencies are looked at before anything is done for the task. */
async function refuseHopeless({ evidence }: WebhookTask, dependency: Dependency | undefined, full: number | undefined): Promise<void> {
  if (full !== undefined) throw new Refused({ reason: 'in_flight_cap', technical: `${full} webhooks wait`, retryAfter: RETRY_AFTER })
  if (evidence.length === 0) return
  if (!dependency) throw new Refused({ reason: 'bad_request', technical: 'evidence: no upstream has any; set services.webhooks.evidence' })
  const technical = await dependency.problem()
  if (technical !== undefined) throw new Refused({ reason: 'dependency_down', technical, retryAfter: RETRY_AFTER })
}

/** What waits in the store is taken up at the start, and whenever the store is back: something may have been kept whose answer was lost. */
function followStore(app: FastifyInstance, { clock, store, log }: ServiceMeans<WebhooksSettings>, courier: Courier) {
  const ending = new AbortController()
  let status: 'unknown' | 'healthy' | 'unhealthy' = 'unknown'
  let mayHaveMore = true
  const follow = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        await (await store()).ping()
        if (mayHaveMore) {
          mayHaveMore = false
          await courier.resume()
        }
        status = 'healthy'
      } catch (error) {
        if (!(error instanceof StoreAway)) log.error({ err: error }, 'the webhooks of the store could not be taken up')
        mayHaveMore = true
        status = 'unhealthy'
      }
      await clock.sleep(STORE_LOOK, ending.signal).catch(() => {})
    }
  }
  void follow()
  app.addHook('onClose', async () => ending.abort())
  return { doubt: () => void (mayHaveMore = true), status: () => status }
}

function tellMetrics({ metrics }: ServiceMeans<WebhooksSettings>, courier: Courier): void {
  metrics.set('webhook_pending', { help: 'Webhooks that are not delivered yet', read: () => [{ value: courier.pending }] })
  metrics.set('webhook_attempts_total', { help: 'Attempts to deliver', read: () => [{ value: courier.counts.attempts }] })
  metrics.set('webhook_retries_total', {
    help: 'Attempts after the first of their webhook',
    read: () => [{ value: courier.counts.retries }],
  })
  metrics.set('webhooks_total', {
    help: 'Webhooks that are over, by how they ended',
    read: () => (['delivered', 'failed'] as const).map((status) => ({ labels: { status }, value: courier.counts[status] })),
  })
}

function correlationOf(request: FastifyRequest): string {
  const brought = request.headers[CORRELATION_ID]
  return typeof brought === 'string' && isUsableId(brought) ? brought : requestIdOf(request)
}
