import { describe, expect, it } from 'vitest'
import { outcomeNames } from '../../src/contract/outcome.ts'
import { type Criterion, builders } from '../../src/criteria/criteria.ts'
import type { PlannedRoute } from '../../src/plan/plan.ts'
import { type Answer, END, type Story, failing, findingOf, ok, planOf, rejected } from '../judge/history.ts'

const operations = { kind: 'failed_operations', below: 0.1, fallbacks: 'fail', upstream: 'gemini' } satisfies Criterion
const errors = { kind: 'error_rate', below: 0.1, upstream: 'gemini' } satisfies Criterion
const quiet: Story = { gemini: () => ok, breaker: [], plan: { faults: [] } }
const half = (answer: Answer): Story => {
  let asked = 0
  return { ...quiet, gemini: () => (asked++ % 2 === 0 ? answer : ok) }
}
const standIn: Answer = { ...ok, outcome: 'fallback', attempts: 0 }

it('is written with what it is about', () => {
  expect(builders.failedOperations().of('gemini').during('steady').below('1%').criterion).toEqual({
    kind: 'failed_operations',
    upstream: 'gemini',
    during: ['steady'],
    fallbacks: 'fail',
    below: 0.01,
  })
  expect(builders.failedOperations().acceptingFallbacks().below('1%').criterion).toMatchObject({ fallbacks: 'suffice' })
})

describe('an operation failed', () => {
  it.each(outcomeNames.filter((name) => name !== 'ok'))('when it ended as %s', async (outcome) => {
    expect(await findingOf(operations, half({ ...failing, outcome }))).toMatchObject({
      result: 'fail',
      cause: 'too_many_failed_operations',
      measured: expect.closeTo(0.5, 1),
    })
  })

  it('when its answer was spoiled, whatever its status', async () => {
    expect(await findingOf(operations, half({ ...ok, spoiled: 'last' }))).toMatchObject({
      result: 'fail',
      why: expect.stringContaining('ok by status'),
    })
  })
})

it('tells another thing than the error rate: a fallback is no error, and no operation that was done', async () => {
  expect(await findingOf(errors, half(standIn))).toMatchObject({ result: 'pass', measured: 0 })
  expect(await findingOf(operations, half(standIn))).toMatchObject({ result: 'fail' })
  expect(await findingOf({ ...operations, fallbacks: 'suffice' }, half(standIn))).toMatchObject({ result: 'pass', measured: 0 })
  expect(await findingOf({ ...operations, fallbacks: 'suffice' }, half(rejected))).toMatchObject({ result: 'fail' })
})

it('does not pass on answers that nothing stands behind', async () => {
  expect(await findingOf(operations, half({ ...ok, attempts: 0 }))).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
})

it('leaves out what was given up because the run was stopped', async () => {
  const halted: Answer = { ...ok, outcome: 'client_timeout', client: { error: 'halted' } }
  expect(await findingOf(operations, half(halted))).toMatchObject({ result: 'pass', measured: 0 })
})

it('counts against the pass what left no record', async () => {
  const lost: Story = { ...quiet, gemini: (_, index) => (index % 4 === 0 ? 'not sent' : ok) }
  expect(await findingOf(operations, lost)).toMatchObject({ result: 'inconclusive', cause: 'load_not_delivered' })
})

it('takes what operators and probes send for no operation', async () => {
  const [gemini, assemblyai] = planOf().load.mix as [PlannedRoute, PlannedRoute]
  const probe = { ...gemini, route: 'gemini.probe', weight: 0, probe: { fromMs: 2000, everyMs: 20, count: 2900 } }
  const load = {
    ...planOf().load,
    rate: [{ fromMs: 0, toMs: END, startPerSecond: 40, endPerSecond: 40 }],
    mix: [gemini, assemblyai, probe],
  }
  const probed: Story = { gemini: () => ok, breaker: [], plan: { faults: [], load } }
  const finding = await findingOf(operations, probed)
  expect(finding).toMatchObject({ result: 'pass' })
  expect(finding.n).toBeLessThan(1400)
  expect((await findingOf(errors, probed)).n).toBeGreaterThan(2900)
})

it('wants 299 operations for less than one in a hundred', async () => {
  const few: Story = { ...quiet, perSecond: 10 }
  const finding = await findingOf({ ...operations, below: 0.01 }, few)
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples', needsMore: 299 - finding.n })
})
