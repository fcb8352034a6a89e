import { describe, expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { foldJournal } from '../../../src/evidence/fold/fold.ts'
import { judge } from '../../../src/judge/judge.ts'
import type { Finding } from '../../../src/judge/verdict.ts'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { type Story, journalOf, ok, outage, planOf } from '../../judge/history.ts'
import { inWindowsOf, spaced } from './pacing.ts'

const pace = (most: number, perMs: number, burst = 0, during?: string[]): Criterion => ({
  kind: 'pace_at_most',
  upstream: 'gemini',
  most,
  perMs,
  burst,
  ...(during && { during }),
})
const oneASecond = pace(1, 1000)

/** The fake's lines in order of time, as it writes them. */
function findingOf(criterion: Criterion, story: Story): Finding {
  const plan = planOf([criterion], story.plan, 40)
  const lines = [...journalOf(story, plan)].toSorted((a, b) => a.t - b.t)
  return judge(plan, foldJournal(lines, plan)).findings[0]!
}

describe('at least a second apart', () => {
  it('passes where no two come closer, and more was asked for', () => {
    expect(findingOf(oneASecond, spaced(1000))).toMatchObject({
      result: 'pass',
      sentence: 'between two requests at gemini pass at least 1 s',
      measured: 1,
      bound: 1,
      why: expect.stringMatching(/^never more than 1 request in 1 s, over \d+ requests of [\d,]+ that were asked for$/),
    })
  })

  it('passes where one was held up on its way a little', () => {
    expect(findingOf(oneASecond, spaced(1000, { atMs: 30_000, answer: { ...ok, onTheWayMs: -40 } })).result).not.toBe('pass')
    expect(findingOf(oneASecond, spaced(960))).toMatchObject({ result: 'pass' })
  })

  it('fails where a single one comes between', () => {
    expect(findingOf(oneASecond, spaced(1000, { atMs: 30_400, answer: ok }))).toMatchObject({
      result: 'fail',
      cause: 'too_fast',
      measured: 2,
      why: expect.stringMatching(/^2 requests came within \d+ ms, promised 1 in any 1 s$/),
    })
  })

  it('fails where a retry comes at once, since whatever callers do does not count', () => {
    const retried = spaced(1000, { atMs: 30_950, answer: { ...ok, attempts: 2 } })
    expect(findingOf(oneASecond, retried)).toMatchObject({ result: 'fail', cause: 'too_fast' })
  })

  it('judges the named phases alone', () => {
    const story = (): Story => spaced(1000, { atMs: 30_400, answer: ok })
    expect(findingOf(pace(1, 1000, 0, ['steady']), story())).toMatchObject({ result: 'pass' })
    expect(findingOf(pace(1, 1000, 0, ['recovery']), story())).toMatchObject({ result: 'fail' })
  })

  it('looks over the edge of two phases', () => {
    const story = spaced(1000, { atMs: 12_050, answer: ok })
    expect(findingOf(pace(1, 1000, 0, ['outage']), story)).toMatchObject({ result: 'fail', cause: 'too_fast' })
  })
})

describe('so many in any window', () => {
  it('passes a limit that holds in every window', () => {
    expect(findingOf(pace(5, 1000), spaced(200))).toMatchObject({ result: 'pass', measured: 5 })
  })

  it('fails a limit with fixed windows, which lets twice as many through over their edge', () => {
    expect(findingOf(pace(5, 1000), inWindowsOf(1000, 5))).toMatchObject({ result: 'fail', cause: 'too_fast', measured: 10 })
  })

  it('allows a burst beside it', () => {
    expect(findingOf(pace(5, 1000, 5), inWindowsOf(1000, 5))).toMatchObject({ result: 'pass', bound: 10 })
    expect(findingOf(pace(5, 1000, 4), inWindowsOf(1000, 5))).toMatchObject({ result: 'fail' })
  })
})

describe('nothing proved', () => {
  it('where nothing arrived', () => {
    expect(findingOf(oneASecond, spaced(Number.POSITIVE_INFINITY, undefined))).not.toMatchObject({ result: 'fail' })
    const nothing: Story = { gemini: () => ({ outcome: 'rejected', latencyMs: 1, attempts: 0 }), breaker: [], plan: { faults: [] } }
    expect(findingOf(oneASecond, nothing)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  })

  it('where no more was asked for than the limit allows', () => {
    const all: Story = { gemini: () => ok, breaker: [], plan: { faults: [] } }
    expect(findingOf(pace(30, 1000), all)).toMatchObject({
      result: 'inconclusive',
      cause: 'too_few_samples',
      why: expect.stringContaining('too few to try the limit'),
    })
  })

  it('where a fault of the network may have swallowed attempts, or held them back until they came together', () => {
    const on = (fault: PlannedFault['fault']): Partial<Story> => ({ plan: { faults: [{ ...outage, fault }] } })
    const hole = on({
      made: 'network',
      is: 'toxic',
      toxic: { type: 'timeout', attributes: { timeout: 0 } },
      stream: 'upstream',
      toxicity: 1,
    })
    expect(findingOf(oneASecond, { ...spaced(1000), ...hole })).toMatchObject({ result: 'inconclusive', cause: 'attempts_unseen' })
    const slow = on({
      made: 'network',
      is: 'toxic',
      toxic: { type: 'latency', attributes: { latency: 500, jitter: 500 } },
      stream: 'upstream',
      toxicity: 1,
    })
    expect(findingOf(oneASecond, { ...spaced(300), ...slow })).toMatchObject({
      result: 'inconclusive',
      cause: 'attempts_unseen',
      why: expect.stringContaining('so far: '),
    })
  })
})
