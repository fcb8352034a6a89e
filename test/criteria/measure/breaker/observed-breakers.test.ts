import { expect, it } from 'vitest'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import type { Observation } from '../../../../src/criteria/finding/observation.ts'
import { judge } from '../../../../src/judge/judge.ts'
import type { PlannedRoute } from '../../../../src/plan/plan.ts'
import type { Verdict } from '../../../../src/judge/verdict.ts'
import { END, type Story, evidenceOf, failing, ok, planOf, rejected } from '../../../judge/history.ts'
import { errorsThroughout, goes, opens, stays } from '../../breaker/stories.ts'
import { fromOutside, mute } from '../mute.ts'

const PER_SECOND = 200

async function observed(story: Story, observe: Observation): Promise<Verdict> {
  const plan = planOf([goes, opens], story.plan, PER_SECOND)
  return judge(plan, await evidenceOf(story, plan), new Map(), observe)
}

const resultsOf = ({ findings }: Verdict): string[] => findings.map(({ result, cause }) => cause ?? result)

it('ignores what a gateway tells of its breakers when traffic alone is asked', async () => {
  // It tells nothing but lies: closed all the time, while it rejects.
  const liar: Story = { gemini: fromOutside, breaker: [] }
  expect(resultsOf(await observed(liar, 'traffic'))).toEqual(['pass', 'pass'])
  // It tells of a breaker that it does not have.
  const boaster: Story = { gemini: errorsThroughout }
  expect(resultsOf(await observed(boaster, 'both'))).toEqual(['contradiction', 'contradiction'])
  expect(resultsOf(await observed(boaster, 'traffic'))).toEqual(['never_opened', 'never_opened'])
})

it('gives the same results from traffic as from events of a healthy gateway', async () => {
  const story: Story = { gemini: fromOutside }
  for (const observe of ['both', 'events', 'traffic'] as const) expect(resultsOf(await observed(story, observe))).toEqual(['pass', 'pass'])
})

it('asks no traffic when the events alone are asked: a gateway that tells nothing is not known', async () => {
  const verdict = await observed(mute({ gemini: fromOutside }), 'events')
  expect(verdict.result).toBe('inconclusive')
  expect(resultsOf(verdict)).toEqual(['no_breaker_events', 'no_breaker_events'])
  expect(verdict.why[0]).toContain('--observe events')
  expect(verdict.inferred).toBeUndefined()
  // What it tells is not held against the traffic either.
  expect(resultsOf(await observed({ gemini: errorsThroughout }, 'events'))).toEqual(['pass', 'pass'])
})

it('says in the verdict what was inferred, why, and between which times it happened', async () => {
  const { inferred } = await observed({ gemini: fromOutside }, 'traffic')
  expect(inferred).toHaveLength(2)
  const gemini = inferred!.find(({ upstream }) => upstream === 'gemini')!
  expect(gemini.why).toBe('the events of the gateway are ignored (--observe traffic)')
  expect(gemini.transitions.map(({ to }) => to)).toEqual(['open', 'half_open', 'open', 'half_open', 'closed'])
  for (const { betweenMs } of gemini.transitions) expect(betweenMs[1]).toBeGreaterThanOrEqual(betweenMs[0])
  expect(gemini.transitions[0]!.betweenMs[0]).toBeLessThanOrEqual(12_100)
  expect(gemini.transitions[0]!.betweenMs[1]).toBeGreaterThanOrEqual(12_100)
  expect((await observed({ gemini: fromOutside }, 'both')).inferred).toBeUndefined()
})

it('holds a time to its limit only if it surely lies on one side of it', async () => {
  const openedAt = (ms: number): Story =>
    mute({
      gemini: (dueMs) => (dueMs < 12_000 || dueMs >= 22_300 ? ok : dueMs < ms || (dueMs >= 20_000 && dueMs < 20_060) ? failing : rejected),
    })
  const limit = { ...opens, withinMs: 1000 }
  const plan = planOf([limit], {}, PER_SECOND)
  const findingAt = async (ms: number) => judge(plan, await evidenceOf(openedAt(ms), plan)).findings[0]!
  expect(await findingAt(12_700)).toMatchObject({ result: 'pass', why: expect.stringMatching(/^opened after about .* \(± /) as string })
  expect(await findingAt(13_400)).toMatchObject({ result: 'fail', cause: 'opened_late' })
  expect(await findingAt(13_005)).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
})

it('does not call a breaker closed that is open for a part of the requests', async () => {
  let count = 0
  const part = mute({ gemini: (dueMs) => (dueMs > 30_000 && dueMs < 36_000 && count++ % 4 !== 0 ? rejected : ok), plan: { faults: [] } })
  const plan = planOf([stays], part.plan, PER_SECOND)
  const { findings, inferred } = judge(plan, await evidenceOf(part, plan))
  expect(findings[0]).toMatchObject({ result: 'inconclusive', cause: 'partly_open' })
  const [opening] = inferred!.find(({ upstream }) => upstream === 'gemini')!.partly
  expect(opening!.words).toMatch(/^open for 7\d(\.\d)? % of the requests, as in 3 of 4 workers, from 30.0 s to 36.0 s$/)
  expect(END).toBeGreaterThan(opening!.toMs)
})

it('does not take the breaker of one upstream for that of another which the same requests reach (wrong fail)', async () => {
  const { load } = planOf()
  const both: PlannedRoute = { ...load.mix[0]!, reaches: ['gemini', 'assemblyai'].map((upstream) => ({ upstream, route: 'generate' })) }
  const others: Criterion = { ...stays, upstream: 'assemblyai' }
  const anonymous: Story = {
    gemini: (dueMs) => ({ ...fromOutside(dueMs), anonymous: true }),
    assemblyai: () => ({ ...ok, anonymous: true }),
  }
  for (const [mix, story] of [
    [[both, load.mix[1]!], { gemini: fromOutside }],
    [[both], { gemini: fromOutside }],
    [[both, load.mix[1]!], anonymous],
    [[both, both, load.mix[1]!], anonymous],
  ] as const) {
    const plan = planOf([goes, others], { load: { ...load, mix: [...mix] } }, PER_SECOND)
    const { findings, inferred } = judge(plan, await evidenceOf(mute({ ...story, plan: { load: plan.load } }), plan))
    expect(inferred!.find(({ upstream }) => upstream === 'assemblyai')).toMatchObject({ partly: [], transitions: [] })
    expect(findings[1]!.cause).not.toBe('unexpected_transition')
  }
})
