import { describe, expect, it } from 'vitest'
import { type Carried, type JsonShape, carriedKey, carries } from '../../../src/criteria/answers/carried.ts'
import { type Criterion, builders, carriedAsks, criterionSchema, knownCriterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, findingOf, ok, planOf } from '../../judge/history.ts'

const retryAfter = { header: 'retry-after' } as const
const key = carriedKey(retryAfter)
const limitedCarry: Criterion = { kind: 'answers_carry', upstream: 'gemini', ...retryAfter, outcomes: ['limited'] }

const limited = (client: NonNullable<Answer['client']>): Answer => ({
  outcome: 'limited',
  latencyMs: 1,
  attempts: 0,
  client: { status: 429, ...client },
})

/** Every fifth request for gemini is limited; what else is answered lacks the header. */
const story = (answer: (nth: number) => Answer): Story => {
  let count = 0
  return { gemini: () => (count++ % 5 === 0 ? answer(count) : { ...ok, client: { lacks: [key] } }), breaker: [], plan: { faults: [] } }
}

it('passes where every such answer carries it, whatever others do', async () => {
  expect(
    await findingOf(
      limitedCarry,
      story(() => limited({ carries: [key] })),
    ),
  ).toMatchObject({ result: 'pass', why: expect.stringMatching(/^all of \d+ answers carried it$/) })
})

it('fails for one that lacks it', async () => {
  const once = story((nth) => limited(nth === 101 ? { lacks: [key] } : { carries: [key] }))
  expect(await findingOf(limitedCarry, once)).toMatchObject({
    result: 'fail',
    cause: 'not_carried',
    why: expect.stringMatching(
      /^1 of \d+ answers did not carry the header retry-after \(first r7-\w+ at [\d.]+ s: limited with status 429\)$/,
    ),
  })
})

it('asks it of every answer where no outcome is named', async () => {
  const { outcomes: _, ...every } = limitedCarry as typeof limitedCarry & { outcomes: unknown }
  expect(
    await findingOf(
      every as Criterion,
      story(() => limited({ carries: [key] })),
    ),
  ).toMatchObject({ result: 'fail' })
})

it('asks it of the answers of one route alone', async () => {
  const ofRoute = (route: string): Criterion => ({ ...limitedCarry, routes: [route] })
  const asked = planOf().load.mix.find(({ reaches }) => reaches.some(({ upstream }) => upstream === 'gemini'))
  const history = story(() => limited({ lacks: [key] }))
  expect(await findingOf(ofRoute(asked!.route), history)).toMatchObject({ result: 'fail' })
  expect(await findingOf(ofRoute('gemini.other'), history)).toMatchObject({ result: 'inconclusive' })
})

it('cannot tell where no answer ended so, or the load looked for something else', async () => {
  expect(
    await findingOf(
      limitedCarry,
      story(() => ok),
    ),
  ).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    why: 'no request for gemini ended in limited',
  })
  expect(
    await findingOf(
      limitedCarry,
      story(() => limited({ carries: ['0badcafe'] })),
    ),
  ).toMatchObject({ result: 'inconclusive' })
})

describe('an answer carries', () => {
  it.each<[string, Carried, unknown]>([
    ['a header', { header: 'x-a' }, undefined],
    ['a header with its value', { header: 'x-a', value: '1' }, undefined],
    ['one of several values', { header: 'set-cookie', value: 'b=2' }, undefined],
    ['an object of a shape, and more', { json: { a: 'number', 'c?': 'string' } }, { a: 1, b: 2 }],
    ['a list', { json: { items: [{ id: 'string' }] } }, { items: [{ id: 'x' }, { id: 'y' }] }],
    ['an empty list', { json: ['number'] }, []],
    ['null, and anything', { json: { a: 'null', b: 'any' } }, { a: null, b: [] }],
  ])('%s', (_, what, json) => {
    expect(carries(what, { 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] }, json)).toBe(true)
  })

  it.each<[string, Carried, unknown]>([
    ['another header', { header: 'x-b' }, undefined],
    ['another value', { header: 'x-a', value: '2' }, undefined],
    ['a header that only the prototype has', { header: 'constructor' }, undefined],
    ['no JSON', { json: 'any' }, undefined],
    ['another type', { json: { a: 'number' } }, { a: '1' }],
    ['a list for an object', { json: { length: 'number' } }, [1]],
    ['a name that only the prototype has', { json: { valueOf: 'any' } as JsonShape }, {}],
    ['an optional name of another type', { json: { 'a?': 'string' } }, { a: 1 }],
    ['one bad element', { json: ['number'] }, [1, '2']],
  ])('not with %s', (_, what, json) => {
    expect(carries(what, { 'x-a': '1' }, json)).toBe(false)
  })
})

it('asks the load once for what two criteria want, and tells different demands apart', () => {
  const { answers, errorRate } = builders
  const written = [
    answers('gemini').carry({ header: 'Retry-After' }, { of: ['limited'] }),
    answers('gemini')
      .during('steady')
      .carry({ header: 'retry-after' }, { of: ['shed'] }),
    answers('assemblyai').carry({ header: 'retry-after' }),
    answers('gemini').carry({ json: { error: { code: 'string' } } }),
    errorRate().below('1%'),
  ]
  const asks = carriedAsks(written.map(({ criterion }, at) => ({ id: `C${at}`, criterion })))
  expect(asks).toEqual([
    { key, upstream: 'gemini', header: 'retry-after' },
    { key, upstream: 'assemblyai', header: 'retry-after' },
    { key: carriedKey({ json: { error: { code: 'string' } } }), upstream: 'gemini', json: { error: { code: 'string' } } },
  ])
})

it('refuses what no answer can carry', () => {
  const problems = (what: object): string[] =>
    knownCriterion({ kind: 'answers_carry', upstream: 'gemini', ...what })
      .check(planOf())
      .map(({ message }) => message)
  expect(problems({ header: 'x-a', value: '1' })).toEqual([])
  expect(problems({ header: 'x-a', routes: ['constructor'] })).toEqual([expect.stringContaining('no route "constructor" reaches gemini')])
  expect(problems({ header: 'no header' })).toEqual([expect.stringContaining('"no header"')])
  expect(problems({ value: '1' })).toHaveLength(1)
  expect(problems({ header: 'x', upstream: 'jira' })).toEqual(['no route of the load reaches jira'])
  const shape: unknown = { a: 'strin' }
  expect(criterionSchema.safeParse({ kind: 'answers_carry', upstream: 'gemini', json: shape as JsonShape }).success).toBe(false)
})
