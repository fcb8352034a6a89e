import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { judge } from '../../src/judge/judge.ts'
import { type PlayedCase, judgeRepeats } from '../../src/judge/repeats.ts'
import { alerted } from '../criteria/examples/alerts.ts'
import { type Story, evidenceOf, failing, healthyGemini, ok, planOf } from './history.ts'

const few: Criterion = { kind: 'error_rate', below: 0.01, during: ['steady'] }
const closes: Criterion = { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 5000 }

/** In steady every n-th request to gemini fails. */
function failsEvery(n: number): Story {
  let count = 0
  return { gemini: (dueMs) => (dueMs < 12_000 && count++ % n === 0 ? failing : healthyGemini(dueMs)) }
}

/** Runs with seeds from 1 on. */
async function runsOf(criterion: Criterion, ...stories: [Story, ...Story[]]): Promise<[PlayedCase, ...PlayedCase[]]> {
  const played = async (story: Story, at: number): Promise<PlayedCase> => {
    const plan = { ...planOf([criterion], story.plan, story.perSecond ?? 40), seed: at + 1 }
    return { plan, evidence: await evidenceOf(story, plan) }
  }
  const [first, ...others] = stories
  return [await played(first, 0), ...(await Promise.all(others.map((story, at) => played(story, at + 1))))]
}

const resultsOf = (runs: readonly PlayedCase[]): string[] => runs.map(({ plan, evidence }) => judge(plan, evidence).result)

it('decides by the requests of all runs what none of them has enough requests for', async () => {
  // 400 requests, two of them failed: 0.5 %, at most 1.6 %. Of 1,600, eight: at most 0.9 %.
  const runs = await runsOf(few, failsEvery(100), failsEvery(100), failsEvery(100), failsEvery(100))
  expect(resultsOf(runs)).toEqual(['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive'])
  const merged = judgeRepeats(runs)
  expect(merged).toMatchObject({ result: 'pass', seeds: [1, 2, 3, 4], counts: { pass: 1, fail: 0, inconclusive: 0 } })
  expect(merged.findings[0]).toMatchObject({ n: 1600 })
})

it('fails by the requests of all runs what none of them fails alone', async () => {
  // Every 28th of gemini's, which are half of all: 1.8 %.
  const runs = await runsOf(few, failsEvery(28), failsEvery(28), failsEvery(28), failsEvery(28))
  expect(new Set(resultsOf(runs))).toEqual(new Set(['inconclusive']))
  expect(judgeRepeats(runs)).toMatchObject({ result: 'fail', counts: { fail: 1 } })
})

it('lets each run speak for itself about what happened once in it', async () => {
  const late: Story = {
    breaker: [
      ['open', 12_100],
      ['half_open', 29_000],
      ['closed', 29_100],
    ],
    gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? failing : ok),
  }
  const runs = await runsOf(closes, {}, late, {})
  expect(resultsOf(runs)).toEqual(['pass', 'fail', 'pass'])
  const merged = judgeRepeats(runs)
  expect(merged).toMatchObject({ result: 'fail', counts: { fail: 1 } })
  expect(merged.findings[0]!.why).toMatch(/^run 2 of 3 \(seed 2\): /)
  expect(judgeRepeats(await runsOf(closes, {}, {}))).toMatchObject({ result: 'pass' })
})

it('makes no pass of a run that cannot be believed', async () => {
  const runs = await runsOf(few, failsEvery(100), failsEvery(100), failsEvery(100), failsEvery(100), { cutMs: 8000 })
  const merged = judgeRepeats(runs)
  expect(merged).toMatchObject({ result: 'inconclusive' })
  expect(merged.findings[0]).toMatchObject({ result: 'inconclusive', cause: 'incomplete' })
  expect(merged.findings[0]!.why).toMatch(/^run 5 of 5 \(seed 5\): /)
  expect(merged.validity.find(({ id }) => id === 'journal_complete')).toMatchObject({ ok: false })
})

it('adds up the alerts of all runs, and those that no fault explains', async () => {
  const noisy = alerted(['breaker_open', 12_400, 23_000], ['high_retry_rate', 40_000, 42_000])
  const well = alerted(['breaker_open', 12_400, 23_000])
  const runs = await runsOf(few, noisy, well, {})
  expect(runs.map(({ plan, evidence }) => judge(plan, evidence).alerts)).toEqual([
    { raised: 2, false: 1 },
    { raised: 1, false: 0 },
    undefined,
  ])
  expect(judgeRepeats(runs).alerts).toEqual({ raised: 3, false: 1 })
  const silent = await runsOf({ kind: 'no_false_alerts', aftermathMs: 5000 }, {}, {})
  expect(judgeRepeats(silent).alerts).toEqual({ raised: 0, false: 0 })
  // Twenty seconds after a fault are long enough for this author.
  const patient = await runsOf({ kind: 'no_false_alerts', aftermathMs: 20_000 }, noisy)
  expect(judge(patient[0].plan, patient[0].evidence).alerts).toEqual({ raised: 2, false: 0 })
  expect(judgeRepeats(await runsOf(few, {}, {}))).not.toHaveProperty('alerts')
})
