// Service `operations`: keeps where long operations stand, such as an episode that workers make. One that takes too long is stuck: it is
// marked as an error, and is tried again: by itself, or when somebody asks. Who works on it is a worker elsewhere, or the gateway itself.
//
//   POST /operations                         201 with its id           POST /operations/{id}/progress    what its worker tells
//   GET  /operations                         all of them               POST /operations/{id}/retry       once more, after an error
//   GET  /operations/{id}                    where it stands           POST /operations/stuck            marks stuck ones now, or only lists them
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { wallTime } from '../../../kernel/clock.ts'
import { plural } from '../../../kernel/wording.ts'
import { requestIdOf } from '../../request/refuse.ts'
import { Refused, type ServiceMeans } from '../service.ts'
import { storeCheck } from '../store-check.ts'
import { unlessAway } from '../unless-away.ts'
import { OperationLedger, type Step } from './ledger.ts'
import { hours, type Operation, type OperationReport, operationReport, operationTask, operationView } from './operation.ts'
import type { OperationsSettings } from './settings.ts'
import { watchStuck } from './stuck-watch.ts'
import { OperationWorker } from './worker.ts'

/** Operations in one answer. */
const PAGE = 500

interface Page {
  Querystring: { after?: string }
}

interface Named {
  Params: { operation: string }
}

const events = ['created', 'done', 'failed', 'stuck', 'retried'] as const

const look = z.strictObject({ dry_run: z.boolean().default(false) })

export async function operations(app: FastifyInstance, means: ServiceMeans<OperationsSettings>): Promise<void> {
  const { settings, clock, log, json, call, metrics, checks, users } = means
  const store = await means.store()
  const ledger = new OperationLedger(store, settings, wallTime)
  users.operationsOf = (user) => ledger.processingOf(user)
  const counts = new Map(events.map((event) => [event, 0]))
  const count = (event: (typeof events)[number]): void => void counts.set(event, counts.get(event)! + 1)
  const marked = ({ operation_id, kind, attempt, error }: Operation): void => {
    count('stuck')
    log.warn({ operation_id, kind, attempt, reason: error?.reason }, 'a stuck operation was marked as an error')
    worker?.giveUp({ operation_id, attempt })
  }
  const again = (operation: Operation): void => {
    count('retried')
    log.info({ operation_id: operation.operation_id, attempt: operation.attempt }, 'an operation is tried again')
    worker?.begin(operation)
  }
  const report = async (id: string, told: OperationReport): Promise<Step> => {
    const step = await ledger.report(id, told)
    if (step.is === 'changed' && told.status !== 'processing') count(told.status === 'done' ? 'done' : 'failed')
    return step
  }
  const { work } = settings
  const worker = work && new OperationWorker({ work, call, clock, log, report: async (id, told) => void (await report(id, told)) })
  const refuseWhenFull = (): void => {
    if (worker?.isFull) throw new Refused({ reason: 'in_flight_cap', technical: `${work!.atOnce} operations are under way`, retryAfter: 1 })
  }
  const about = (summary: string, audience: 'clients' | 'operators') => ({
    schema: { summary, tags: ['operations'] },
    config: { audience },
  })

  app.post('/operations', about('Creates an operation, which is processing from now on', 'clients'), async (request, reply) => {
    const { kind, operation_id: id = requestIdOf(request) } = await json(request, operationTask)
    const user = users.of(request)
    refuseWhenFull()
    const creation = await unlessAway(() =>
      ledger.create(id, kind, user === undefined ? undefined : { user, atMost: users.operationsAtMost }),
    )
    if (creation.is === 'full') throw tooManyAtOnce(users.operationsAtMost)
    const { is, operation } = creation
    if (is === 'other') throw new Refused({ reason: 'conflict', technical: `${id} is the id of another operation` })
    if (is === 'new') {
      count('created')
      worker?.begin(operation)
    }
    return reply.code(is === 'new' ? 201 : 200).send(operationView(operation))
  })
  app.get<Page>('/operations', about('Operations in the order of their ids, after one of them', 'operators'), async ({ query }) => {
    const page = await unlessAway(() => ledger.list(PAGE, query.after))
    return { operations: page.map(operationView), next: page.length < PAGE ? null : page.at(-1)!.operation_id }
  })
  app.get<Named>('/operations/:operation', about('Where one operation stands', 'clients'), async ({ params: { operation: id } }) => {
    const found = await unlessAway(() => ledger.find(id))
    if (!found) throw unknown(id)
    return operationView(found)
  })
  app.post<Named>('/operations/:operation/progress', about('Takes what a worker tells', 'clients'), async (request, reply) => {
    const id = request.params.operation
    const told = await json(request, operationReport)
    const step = await unlessAway(() => report(id, told))
    return reply.send(operationView(standing(id, step, `attempt ${told.attempt} of ${id} is over`)))
  })
  app.post<Named>('/operations/:operation/retry', about('Tries once more what ended with an error', 'clients'), async (request, reply) => {
    const id = request.params.operation
    refuseWhenFull()
    const step = await unlessAway(() => ledger.retry(id, users.operationsAtMost))
    if (step.is === 'full') throw tooManyAtOnce(users.operationsAtMost)
    const after = standing(id, step, `${id} did not end with an error`)
    again(after)
    return reply.send(operationView(after))
  })
  app.post(
    '/operations/stuck',
    about('Marks stuck operations as errors now; a dry run only lists them', 'operators'),
    async (request, reply) => {
      const { dry_run: isDry } = await json(request, look)
      const stuck = await unlessAway(async () => {
        const listed: Operation[] = []
        let found = 0
        for await (const operation of isDry ? ledger.stuck() : ledger.markStuck()) {
          if (!isDry) marked(operation)
          if (found++ < PAGE) listed.push(operation)
        }
        return { dry_run: isDry, threshold_hours: hours(settings.stuckAfter), count: found, operations: listed.map(operationView) }
      })
      return reply.send(stuck)
    },
  )

  metrics.set('operations_total', {
    help: 'Operations, by what became of them',
    read: () => [...counts].map(([event, value]) => ({ labels: { event }, value })),
  })
  // Webhooks look at the same store, and more often.
  if (!checks.has('store'))
    checks.set('store', () =>
      store.ping().then(
        () => storeCheck('healthy'),
        () => storeCheck('unhealthy'),
      ),
    )
  const ending = new AbortController()
  const watching = watchStuck({ ledger, settings, clock, log, marked, again, atMost: () => users.operationsAtMost }, ending.signal)
  app.addHook('onClose', async () => {
    ending.abort()
    await watching
    await worker?.close()
  })
}

/** @throws Refused when the step was not taken */
function standing(id: string, step: Step, conflict: string): Operation {
  if (step.is === 'unknown') throw unknown(id)
  if (step.is === 'not_now')
    throw new Refused({ reason: 'conflict', technical: `${conflict}: it is ${step.operation.status}, attempt ${step.operation.attempt}` })
  return step.operation
}

function tooManyAtOnce(atMost: number): Refused {
  return new Refused({
    reason: 'quota_exceeded',
    technical: `this user has ${plural(atMost, 'operation')} under way, and may have no more`,
    detail: `At most ${atMost} can be under way at once.`,
    // When one of them ends, nobody knows.
    retryAfter: 1,
  })
}

function unknown(id: string): Refused {
  return new Refused({ reason: 'not_found', technical: `no operation ${id}; those that are over expire` })
}
