import { describe, expect, it } from 'vitest'
import { type Criterion, builders, knownCriterion } from '../../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { findingOf, planOf } from '../../judge/history.ts'
import { even, leaking, saw, watched } from './watched.ts'

const memory: Criterion = { kind: 'memory_growth', belowBytes: 50e6 }
const descriptors: Criterion = { kind: 'descriptor_growth', below: 20 }
const processor: Criterion = { kind: 'processor_growth', below: 0.1 }

it.each<[string, Criterion]>([
  ['memory', memory],
  ['descriptors', descriptors],
  ['processor time', processor],
])('passes a gateway whose %s comes and goes, and fails one whose grows', async (_, criterion) => {
  expect(await findingOf(criterion, even)).toMatchObject({ result: 'pass', measured: 0, window: { phases: ['steady', 'recovery'] } })
  const finding = await findingOf(criterion, leaking)
  expect(finding.why).toMatch(/ went from .* in steady to .* in recovery, /)
  expect([finding.result, finding.cause]).toEqual(criterion === memory ? ['pass', undefined] : ['fail', 'grown'])
})

it('fails memory that is never given back, by its lowest values', async () => {
  const steep = watched((s) => ({ rssBytes: saw(s) + s * 5e6, cpu: 0.2 }))
  expect(await findingOf(memory, steep)).toMatchObject({
    result: 'fail',
    cause: 'grown',
    why: 'memory went from 125 MB in steady to 225 MB in recovery, promised less than 50 MB more',
  })
})

it('passes a gateway that gives memory back, and one that needs less', async () => {
  const less = watched((s) => ({ rssBytes: 200e6 - s * 1e6, descriptors: 40, cpu: 0.2 }))
  expect(await findingOf(memory, less)).toMatchObject({ result: 'pass' })
})

it('compares the phases that it is told to', async () => {
  const late = watched((s) => ({ rssBytes: s > 22 ? 300e6 : 100e6, cpu: 0.2 }))
  expect(await findingOf({ ...memory, to: 'outage' }, late)).toMatchObject({ result: 'pass' })
  expect(await findingOf({ ...memory, from: 'outage' }, late)).toMatchObject({ result: 'fail' })
})

describe('it cannot tell', () => {
  it('when nobody watched the gateway', async () => {
    expect(
      await findingOf(
        memory,
        watched(() => undefined),
      ),
    ).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
    // As of a gateway that is given by its URL: the harness has processes of its own.
    const others: JournalEvent[] = [1, 2].map((s) => ({ type: 'health', t: s * 1000, role: 'load', rssBytes: 1, cpu: 0.1 }))
    expect(
      await findingOf(
        memory,
        watched(() => undefined, others),
      ),
    ).toMatchObject({ why: "nobody measured the gateway's memory", remedy: expect.stringContaining('give --gateway its command') })
    const uncounted = watched((s) => ({ rssBytes: saw(s), cpu: 0.2 }))
    expect(await findingOf(descriptors, uncounted)).toMatchObject({
      result: 'inconclusive',
      why: expect.stringContaining('open files and sockets'),
    })
  })

  it('in a simulation, which has no process', async () => {
    for (const criterion of [memory, descriptors, processor]) {
      const finding = await findingOf(
        criterion,
        watched(() => undefined),
      )
      expect(finding).toMatchObject({ result: 'inconclusive', cause: 'no_samples', remedy: 'run it live: leave out --simulate' })
      expect(finding.why).toMatch(/^no process was there whose .* could be measured, as in a simulation$/)
    }
  })

  it('from a second or two', async () => {
    const brief = watched((s) => (s > 10 && s < 57 ? undefined : { rssBytes: saw(s), cpu: 0.2 }))
    const two = { ...brief, also: brief.also!.filter(({ t }) => t < 5000 || t > 57_500) }
    expect(await findingOf(memory, two)).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  })

  it('of a gateway that was started anew', async () => {
    const restarted = watched((s) => ({ rssBytes: saw(s), cpu: 0.2 }), [{ type: 'process', t: 20_000, role: 'gateway', edge: 'ready' }])
    expect(await findingOf(memory, restarted)).toMatchObject({ result: 'inconclusive', why: expect.stringContaining('started anew') })
  })
})

it('refuses two phases in the wrong order, and a size that cannot be read', () => {
  expect(knownCriterion({ ...memory, from: 'recovery', to: 'steady' }).check(planOf())).toEqual([
    { message: expect.stringContaining('not from recovery to steady') },
  ])
  expect(knownCriterion(memory).check(planOf())).toEqual([])
  expect(builders.growth().memoryBelow('64MiB').criterion.belowBytes).toBe(64 * 1024 * 1024)
  for (const size of ['50 mb', '-1MB', 0, 'much']) expect(() => builders.growth().memoryBelow(size)).toThrow(/not a size/)
})
