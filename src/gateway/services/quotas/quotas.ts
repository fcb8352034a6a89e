// Service `quotas`: what one user may have of the gateway's services, whatever others do: requests in a time, operations at once, storage.
//
//   client's request ─▶ who is it for? ─▶ too many requests ─▶ 429, with Retry-After ─▶ any service
//   GET    /quotas                     what the user may have, and has
//   PUT    /quotas/storage/{object}    makes room for so many bytes before they are uploaded; 507 when there is none
//   DELETE /quotas/storage/{object}    gives the room back
//
// The service `operations` asks for the number of operations at once, and counts what it keeps itself: an operation that is over, in whatever
// way, is counted no longer. Buckets of requests are in memory alone, and full again after a restart.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import type { Ms } from '../../../kernel/clock.ts'
import { count, plural } from '../../../kernel/wording.ts'
import { KeyedRateLimit } from '../../../policies/limits/keyed-rate-limit.ts'
import type { Refusal } from '../../request/refusal.ts'
import { Refused, type ServiceMeans } from '../service.ts'
import { unlessAway } from '../unless-away.ts'
import type { QuotasSettings } from './settings.ts'
import { StorageLedger, type StorageUse } from './storage-ledger.ts'

interface Named {
  Params: { object: string }
}

const room = z.strictObject({ bytes: z.int().min(1) })
const LONGEST_OBJECT = 500

export async function quotas(app: FastifyInstance, means: ServiceMeans<QuotasSettings>): Promise<void> {
  const { settings, clock, json, users, refusals, metrics } = means
  const { user: header, api, operations, storage } = settings
  const refused = { api: 0, storage: 0 }
  const about = (summary: string) => ({ schema: { summary, tags: ['quotas'] } })

  users.of = (request) => {
    const user = userIn(request, header)
    if (user === undefined) throw new Refused(noName(header))
    return user
  }
  users.operationsAtMost = operations ?? Number.POSITIVE_INFINITY
  const limit = api && new KeyedRateLimit({ kind: 'token_bucket', queue: 0, ...api })
  refusals.push((request) => {
    const user = userIn(request, header)
    if (user === undefined) return noName(header)
    const wait = limit?.tryEnter(user, clock.now()) ?? 0
    if (wait === 0) return undefined
    refused.api++
    return tooMany(api!.limit, api!.per, wait) // a limit is made of it
  })
  metrics.set('quota_refusals_total', {
    help: 'Requests refused because their user had used up a quota, by quota',
    read: () => Object.entries(refused).map(([quota, value]) => ({ labels: { quota }, value })),
  })

  const ledger = storage && new StorageLedger(await means.store(), storage)
  app.get('/quotas', about('What the user may have, and has'), async (request, reply) => {
    const user = users.of(request)!
    const [stored, atOnce] = await unlessAway(() => Promise.all([ledger?.of(user), users.operationsOf?.(user)]))
    return reply.send({
      user: user === '' ? null : user,
      api: api ? { limit: api.limit, per_seconds: api.per / 1000 } : null,
      operations: operations === undefined ? null : { limit: operations, used: atOnce ?? 0 },
      storage: stored ? viewOf(stored) : null,
    })
  })
  if (!ledger) return
  app.put<Named>('/quotas/storage/:object', about('Makes room for bytes that are to be kept'), async (request, reply) => {
    const user = users.of(request)!
    const object = objectOf(request.params)
    const { bytes } = await json(request, room)
    const { is, use } = await unlessAway(() => ledger.keep(user, object, bytes))
    if (is === 'full') {
      refused.storage++
      throw new Refused(full(use, bytes))
    }
    return reply.code(is === 'new' ? 201 : 200).send({ object, bytes, storage: viewOf(use) })
  })
  app.delete<Named>('/quotas/storage/:object', about('Gives the room of what is no longer kept back'), async (request, reply) => {
    const user = users.of(request)!
    const object = objectOf(request.params)
    const { is, use } = await unlessAway(() => ledger.release(user, object))
    if (is === 'unknown') throw new Refused({ reason: 'not_found', technical: 'this user keeps no such object' })
    return reply.send({ object, storage: viewOf(use) })
  })

  function viewOf(use: StorageUse) {
    return { limit_bytes: storage!.bytes, used_bytes: use.bytes, limit_objects: storage!.objects, used_objects: use.objects }
  }

  function full(use: StorageUse, bytes: number): Refusal {
    return {
      reason: 'storage_full',
      technical: `${kept(use.bytes, use.objects)} are kept, ${plural(bytes, 'byte')} more were asked for; at most ${kept(storage!.bytes, storage!.objects)} may be`,
      detail: `At most ${count(storage!.bytes)} bytes can be kept.`,
    }
  }
}

function kept(bytes: number, objects: number): string {
  return `${plural(bytes, 'byte')} in ${plural(objects, 'object')}`
}

/** `''`: it names nobody. Undefined: that is no name. */
function userIn({ headers }: FastifyRequest, header: string): string | undefined {
  const name = String(headers[header] ?? '').trim()
  return /^[\x21-\x7e]{0,100}$/.test(name) ? name : undefined
}

function noName(header: string): Refusal {
  return { reason: 'bad_request', technical: `${header} must be of at most 100 printable ASCII characters without spaces` }
}

function tooMany(limit: number, per: Ms, wait: Ms): Refusal {
  return {
    reason: 'quota_exceeded',
    technical: `this user sends more than ${limit} requests in ${per / 1000} s`,
    detail: `At most ${count(limit)} requests in ${per / 1000} s are accepted.`,
    retryAfter: Math.ceil(wait / 1000),
  }
}

function objectOf({ object }: Named['Params']): string {
  if (object.length <= LONGEST_OBJECT && /^[^\p{Cc}\p{Cs}]+$/u.test(object)) return object
  throw new Refused({ reason: 'bad_request', technical: `an object has a name of at most ${LONGEST_OBJECT} characters` })
}
