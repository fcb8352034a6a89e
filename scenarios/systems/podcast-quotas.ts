// Podcast production with a quota for each user: notes of an episode are asked for at one address, so often by each user, and no more often by
// any of them because another asks too much.
import { gcs } from '../../fake-upstreams/gcs.ts'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { perSecond, reference, request } from '../../src/index.ts'

const patient = { timeout: { attempt: '5s', total: '8s' }, breaker: { failures: 5, recovery: '5s' } } as const
const steps = [
  {
    name: 'notes',
    upstream: 'gemini',
    path: '/v1beta/models/gemini-2.5-flash:generateContent',
    body: { contents: [{ role: 'user', parts: [{ text: '{text}' }] }] },
    fails: 'closed' as const,
  },
]

/** Requests a second. */
const quota = 40

export const upstreams = { gemini, gcs }

export const gateway = reference({
  gemini: patient,
  gcs: patient,
  services: { chain: { address: '/v1/episodes/notes', steps }, quotas: { api: { limit: quota } } },
})

const notes = (name: string, users: readonly string[], weight: number) =>
  request(name, {
    method: 'POST',
    path: '/v1/episodes/notes',
    bodies: Array.from({ length: 20 }, (_, at) => ({ text: `Summarise episode ${at + 1} for the show notes.` })),
    identities: users.map((user) => ({ name: user, headers: { 'x-user-id': user } })),
    reaches: ['gemini'],
    weight,
  })

const mix = [notes('notes', ['ada', 'bob', 'cyd', 'dan'], 5), gcs.getObject({ weight: 3 })]

const load = { rate: perSecond(100), mix }

/** One user more, whose program asks without end, and a little again later. */
export const greedyLoad = {
  ...load,
  mix: [...mix, { ...notes('greedy', ['eve'], 12), during: ['storm'] }, { ...notes('greedy again', ['eve'], 1), during: ['after'] }],
}
