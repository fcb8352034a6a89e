import { describe, expect, it } from 'vitest'
import { type Criterion, criteria, criterionSchema, knownCriterion } from '../../../src/criteria/criteria.ts'
import type { JournalEvent, Role } from '../../../src/evidence/events.ts'
import { foldJournal } from '../../../src/evidence/fold/fold.ts'
import { judge } from '../../../src/judge/judge.ts'
import type { Finding } from '../../../src/judge/verdict.ts'
import { type Story, journalOf, planOf } from '../../judge/history.ts'
import { examples } from './examples.ts'

/** The journal in order of time, as one that many roles write together. */
function findingOf(criterion: Criterion, story: Story): Finding {
  const plan = planOf([criterion], story.plan, story.perSecond ?? 40)
  const [run, ...events] = journalOf(story, plan)
  const end = events.filter(({ type }) => type === 'end')
  const amid = events.filter(({ type }) => type !== 'end').toSorted((a, b) => a.t - b.t)
  return judge(plan, foldJournal([run!, ...amid, ...end], plan)).findings[0]!
}

const died = (role: Role): JournalEvent => ({
  type: 'process',
  t: 3000,
  role,
  edge: 'exited',
  code: 1,
  unexpected: true,
  stderr: 'out of memory',
})

const kinds = Object.keys(criteria) as (keyof typeof criteria)[]

it('has examples of every kind', () => {
  expect(Object.keys(examples()).toSorted()).toEqual(kinds.toSorted())
})

describe.each(kinds)('%s', (kind) => {
  const { criterion, fail, inconclusive } = examples()[kind]
  /** Its history that passes, otherwise in some way. */
  const passing = (change: (pass: Story) => Story = (pass) => pass): Finding => findingOf(criterion, change(examples()[kind].pass))

  it('is what its examples are of, and may be asked of their plan', () => {
    const { pass } = examples()[kind]
    expect(criterion.kind).toBe(kind)
    expect(criterionSchema.parse(criterion)).toEqual(criterion)
    expect(knownCriterion(criterion).check(planOf([criterion], pass.plan, pass.perSecond ?? 40))).toEqual([])
  })

  it('passes', () => {
    expect(passing()).toMatchObject({ result: 'pass' })
  })

  it.each(Object.entries<Story>(fail))('fails: %s', (cause, story) => {
    expect(findingOf(criterion, story)).toMatchObject({ result: 'fail', cause })
  })

  it.each(Object.entries<Story>(inconclusive))('is inconclusive: %s', (cause, story) => {
    expect(findingOf(criterion, story)).toMatchObject({ result: 'inconclusive', cause })
  })

  it('is inconclusive of a run that broke off, or that lost its upstreams', () => {
    expect(passing((pass) => ({ ...pass, cutMs: 11_000 })).result).toBe('inconclusive')
    expect(passing((pass) => ({ ...pass, also: [...(pass.also ?? []), died('upstreams')] }))).toMatchObject({
      result: 'inconclusive',
      cause: 'harness_unhealthy',
    })
  })

  it('does not pass a run that asked nothing', () => {
    const nothing: Story = { gemini: () => 'not sent', assemblyai: () => 'not sent', breaker: [], also: [] }
    expect(passing((pass) => ({ ...pass, ...nothing })).result).not.toBe('pass')
  })

  it('fails a gateway that ended by itself', () => {
    expect(passing((pass) => ({ ...pass, also: [...(pass.also ?? []), died('gateway')] }))).toMatchObject({
      result: 'fail',
      cause: 'gateway_died',
    })
  })
})
