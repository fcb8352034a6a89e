import fastify, { type FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { quotas } from '../../../../src/gateway/services/quotas/quotas.ts'
import { quotasSettings } from '../../../../src/gateway/services/quotas/settings.ts'
import { servicesProblems, services } from '../../../../src/gateway/services/services.ts'
import type { ServiceMeans } from '../../../../src/gateway/services/service.ts'
import { anybody } from '../../../../src/gateway/services/users.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'

type Means = ServiceMeans<ReturnType<typeof quotasSettings.parse>>

async function rig(settings: Parameters<typeof quotasSettings.parse>[0]) {
  const clock = virtualClock()
  const means = { settings: quotasSettings.parse(settings), clock, users: anybody(), refusals: [], metrics: new Map() } as Partial<Means>
  // What limits requests alone asks for nothing else.
  await quotas(fastify(), means as Means)
  const asked = (headers: Record<string, string> = {}) => means.refusals![0]!({ headers } as unknown as FastifyRequest)
  return { clock, means: means as Means, asked, as: (user: string) => asked({ 'x-user-id': user }) }
}

it('lets a user ask as often as its quota says, and tells the rest when to come back', async () => {
  const { clock, as } = await rig({ api: { limit: 2, per: '10s' } })
  expect([as('ada'), as('ada')]).toEqual([undefined, undefined])
  expect(as('ada')).toMatchObject({ reason: 'quota_exceeded', retryAfter: 5 })
  expect(as('bob')).toBeUndefined()
  clock.advance(4999)
  expect(as('ada')).toMatchObject({ retryAfter: 1 })
  clock.advance(1)
  expect(as('ada')).toBeUndefined()
  expect(as('ada')).toMatchObject({ retryAfter: 5 })
})

it('counts who names nobody as one user, and refuses what is no name', async () => {
  const { asked, as } = await rig({ api: { limit: 1, per: '1h' } })
  expect(asked()).toBeUndefined()
  expect([as(''), as('  ')].map((refusal) => refusal?.reason)).toEqual(['quota_exceeded', 'quota_exceeded'])
  for (const name of ['a b', 'ä', 'x'.repeat(101), 'a\tb']) expect(as(name)).toMatchObject({ reason: 'bad_request' })
})

it('reads the user from the header that is set', async () => {
  const { means, asked } = await rig({ user: 'X-Account', api: { limit: 1 } })
  expect(means.users.of({ headers: { 'x-account': 'ada', 'x-user-id': 'bob' } } as unknown as FastifyRequest)).toBe('ada')
  expect([asked({ 'x-account': 'ada' }), asked({ 'x-account': 'bob' })]).toEqual([undefined, undefined])
})

it.each([
  ['nothing', {}, /must limit something/],
  ['no operations at all', { operations: 0 }, /operations/],
  ['a header that is none', { user: 'x user', operations: 1 }, /name of a header/],
])('does not take settings that limit %s', (_what, settings, problem) => {
  expect(quotasSettings.safeParse(settings).error?.message).toMatch(problem)
})

it('says that operations are limited in vain where the service of that name is off', () => {
  const problemsOf = (input: object) => servicesProblems(services.parse(input), []).map(({ path, message }) => `${path} ${message}`)
  expect(problemsOf({ quotas: { operations: 1 }, operations: {} })).toEqual([])
  expect(problemsOf({ quotas: { operations: 1 } })).toEqual([
    'quotas.operations limits nothing without the service operations; switch it on in services.operations',
  ])
})
