// Service `sync`: keeps copies of Firestore's documents, brought up to date every few minutes. Runs never overlap, and one that fails is
// followed by the next.
//
//   GET /sync           how the last runs went                POST /sync/run         runs now
//   GET /sync/copies    whether the copies are whole          POST /sync/clean-up    removes old copies now
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Ms, wallTime } from '../../../kernel/clock.ts'
import { plural } from '../../../kernel/wording.ts'
import { leaseOn } from '../../stores/lease.ts'
import { StoreAway } from '../../stores/store.ts'
import { Refused, type ServiceMeans } from '../service.ts'
import { unlessAway } from '../unless-away.ts'
import { DocumentCopies, DoneElsewhere, SyncFailed } from './document-copies.ts'
import { type Outcome, RecurringTask } from './recurring-task.ts'
import type { SyncSettings } from './settings.ts'

export async function sync(app: FastifyInstance, means: ServiceMeans<SyncSettings>): Promise<void> {
  const { settings, clock, log, call, checks } = means
  const lease = leaseOn('sync_lease', randomUUID(), settings.leaseFor ?? 1.5 * settings.every)
  const copies = new DocumentCopies({ settings, store: await means.store(), lease, call, wallTime })
  const tasks = {
    run: new WatchedTask(settings.every, clock, (signal) => copies.update(signal), telling('run')),
    'clean-up': new WatchedTask(settings.cleanUpEvery, clock, (signal) => copies.cleanUp(signal), telling('clean-up')),
  }
  const about = (summary: string) => ({ schema: { summary, tags: ['operators'] }, config: { audience: 'operators' as const } })

  app.get('/sync', about('How the last runs went'), () => ({ run: tasks.run.view, clean_up: tasks['clean-up'].view }))
  for (const [name, { task }] of Object.entries(tasks))
    app.post(`/sync/${name}`, about(name === 'run' ? 'Brings the copies up to date now' : 'Removes old copies now'), (_request, reply) => {
      if (!task.trigger()) throw new Refused({ reason: 'conflict', technical: `a ${name} is under way` })
      return reply.code(202).send({ started: true })
    })

  app.get('/sync/copies', about('Whether the copies are whole'), async () => {
    const { documents, torn, writtenAt } = await unlessAway(() => copies.standing())
    const refused = (technical: string): Refused => new Refused({ reason: 'dependency_down', technical })
    if (torn.length > 0) throw refused(`of ${plural(torn.length, 'page')} only a part was written`)
    if (writtenAt === undefined) throw refused('nothing was copied yet')
    return { documents, written_at: new Date(writtenAt).toISOString() }
  })

  means.metrics.set('sync_runs_total', {
    help: 'Runs of the synchronisation, by how they ended',
    read: () => (['ok', 'failed'] as const).map((outcome) => ({ labels: { outcome }, value: tasks.run.counts[outcome] })),
  })
  // The gateway itself is well without its copies being new.
  checks.set('sync', () => ({
    status: tasks.run.last?.is === 'failed' ? 'degraded' : tasks.run.last ? 'healthy' : 'unknown',
    ...tasks.run.view,
  }))
  app.addHook('onReady', async () => {
    for (const { task } of Object.values(tasks)) task.start()
  })
  app.addHook('onClose', async () => {
    await Promise.all(Object.values(tasks).map(({ task }) => task.close()))
    // A store that is away forgets the lease by itself.
    await copies.leave().catch(() => {})
  })

  function telling(task: string): (outcome: Outcome<number>) => void {
    return (outcome) => {
      if (outcome.is === 'ok') return log.info({ task, documents: outcome.result }, 'sync is done')
      const { error } = outcome
      if (error instanceof DoneElsewhere) return log.debug({ task }, error.message)
      const isExpected = error instanceof SyncFailed || error instanceof StoreAway
      log[isExpected ? 'warn' : 'error']({ task, err: error }, 'sync failed; it is tried again at its next time')
    }
  }
}

/** A recurring task with what became of its runs. */
class WatchedTask {
  readonly task: RecurringTask<number>
  readonly counts = { ok: 0, failed: 0 }
  last: (Outcome<number> & { at: Ms }) | undefined

  constructor(
    every: Ms,
    clock: ServiceMeans<SyncSettings>['clock'],
    work: (signal: AbortSignal) => Promise<number>,
    tell: (outcome: Outcome<number>) => void,
  ) {
    const ended = (outcome: Outcome<number>): void => {
      // The gateway that does it tells how it went.
      const isElsewhere = outcome.is === 'failed' && outcome.error instanceof DoneElsewhere
      this.last = isElsewhere ? undefined : { ...outcome, at: wallTime() }
      if (!isElsewhere) this.counts[outcome.is]++
      tell(outcome)
    }
    this.task = new RecurringTask({ every, clock, work, ended })
  }

  /** What operators see. */
  get view() {
    const { counts, last, task } = this
    const documents = last?.is === 'ok' ? { documents: last.result } : {}
    const reason = last?.is === 'failed' ? { reason: reasonOf(last.error) } : {}
    return {
      running: task.isRunning,
      ...counts,
      skipped: task.skipped,
      last: last ? { status: last.is, ended_at: new Date(last.at).toISOString(), ...documents, ...reason } : null,
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyncFailed) return error.message
  return error instanceof StoreAway ? 'the store cannot be reached' : 'an error of the gateway itself'
}
