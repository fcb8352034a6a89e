// Upstreams that no request got through to, and what is said of them.
import { expect, it } from 'vitest'
import { UNKNOWN_ROUTE } from '../../../../src/evidence/events/arrival.ts'
import { unreached } from '../../../../src/criteria/measure/gaps/unreached.ts'
import { opens } from '../../../judge/criteria.ts'
import { type Answer, type Story, evidenceOf, ok, planOf, rejected, verdictOf } from '../../../judge/history.ts'

const notFound: Answer = { outcome: 'upstream_error', latencyMs: 1, attempts: 0, client: { status: 404 } }
const of = async (gemini: Answer) => unreached({ plan: planOf(), evidence: await evidenceOf({ gemini: () => gemini, breaker: [] }) })

it('are none where one request got through', async () => {
  let count = 0
  const story: Story = { gemini: () => (count++ === 7 ? ok : notFound), breaker: [] }
  expect(unreached({ plan: planOf(), evidence: await evidenceOf(story) })).toEqual([])
})

it.each([
  ['has no such path', notFound, /^no request reached gemini: the gateway answered [\d,]+ of [\d,]+ with 404 or 405 itself$/, /`at`/],
  ['asks elsewhere', rejected, /^none of [\d,]+ requests reached gemini$/, /address that it is given/],
  [
    'asks for paths that the fake does not have',
    { ...notFound, attempts: 1, arrivals: [{ route: UNKNOWN_ROUTE }] },
    /^whatever reached gemini asked for a path that its fake does not have$/,
    /give the fake of gemini the paths/,
  ],
  [
    'asks for such paths and passes no request ids on',
    { ...notFound, attempts: 1, anonymous: true, arrivals: [{ route: UNKNOWN_ROUTE }] },
    /asked for a path that its fake does not have$/,
    /give the fake/,
  ],
])('are told with what to do where the gateway %s', async (_, gemini, why, remedy) => {
  expect(await of(gemini)).toEqual([{ upstream: 'gemini', why: expect.stringMatching(why), remedy: expect.stringMatching(remedy) }])
})

it('are the remedy of a fault that never acted', async () => {
  const { findings, validity } = await verdictOf([opens], { gemini: () => notFound, breaker: [], faultSeen: false })
  const remedy = expect.stringMatching(/^ask at paths that the gateway has: .* \(no request reached gemini: /)
  expect(findings[0]).toMatchObject({ cause: 'fault_never_bit', remedy })
  expect(validity.find(({ id }) => id === 'fault_bit:F1')).toMatchObject({ ok: false, remedy })
})
