import { expect, it } from 'vitest'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import { judge } from '../../../../src/judge/judge.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { renderHtml } from '../../../../src/report/html/page.ts'
import { END, OUTAGE_END, OUTAGE_START, type Story, evidenceOf, ok, outage, planOf } from '../../../judge/history.ts'
import { record } from '../../reference-run.ts'

const criterion: Criterion = {
  kind: 'goodput_after',
  upstream: 'gemini',
  after: 'outage',
  withinMs: 5000,
  comparedWith: 'steady',
  above: 0.9,
}
const piece = (fromMs: number, toMs: number, rate: number) => ({ fromMs, toMs, startPerSecond: rate, endPerSecond: rate })
const spiked: Partial<Plan> = {
  faults: [],
  upstreams: { ...planOf().upstreams, gemini: { module: '', export: '', capacity: { workers: 2, perSecond: 48 } } },
  load: { ...planOf().load, rate: [piece(0, OUTAGE_START, 80), piece(OUTAGE_START, OUTAGE_END, 240), piece(OUTAGE_END, END, 80)] },
}
/** Nobody is served from the spike until so many ms, and each is tried three times. */
const served = async (untilMs: number, change: Partial<Plan> = {}): Promise<string> => {
  const story: Story = {
    gemini: (dueMs) => (dueMs >= OUTAGE_START && dueMs < untilMs ? { outcome: 'timeout', latencyMs: 900, attempts: 3, answered: 0 } : ok),
    breaker: [],
  }
  const plan = planOf([criterion], { ...spiked, ...change })
  const evidence = await evidenceOf(story, plan)
  const html = renderHtml({ record: { ...record, plan }, evidence, verdict: judge(plan, evidence) })
  return /<section id="overload">.*?<\/section>/s.exec(html)?.[0] ?? ''
}
const text = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

it('shows an overload that outlives its cause: load and capacity as before, and good answers not', async () => {
  const told = text(await served(END))
  expect(told).toContain(
    'C1: After outage, load and capacity of gemini are what they were in steady, and goodput is not: 0/s good answers, and 40/s in steady. The overload has outlived its cause.',
  )
  expect(told).toContain('steady 40/s 48/s 40/s 40/s')
  expect(told).toContain('outage 123/s 48/s 369/s 0/s')
  expect(told).toMatch(/since 27\.0 s 40\/s 48\/s 120\/s 0\/s/)
})

it('shows one that ends with its cause', async () => {
  const told = text(await served(OUTAGE_END))
  expect(told).toContain('are what they were in steady, and so is goodput: 40/s good answers, and 40/s in steady.')
  expect(told).toMatch(/since 27\.0 s 40\/s 48\/s 40\/s 40\/s/)
})

it('knows no capacity of an upstream that has no bound, or that a fault slows', async () => {
  expect(text(await served(OUTAGE_END, { upstreams: planOf().upstreams }))).toContain('steady 40/s – 40/s 40/s')
  const slowed = text(await served(OUTAGE_END, { faults: [outage] }))
  expect(slowed).toContain('steady 40/s 48/s 40/s 40/s')
  expect(slowed).toContain('outage 123/s – 369/s 0/s')
})

it('is left out where no criterion asks about it', async () => {
  const plan = planOf([])
  const evidence = await evidenceOf({}, plan)
  expect(renderHtml({ record: { ...record, plan }, evidence, verdict: judge(plan, evidence) })).not.toContain('id="overload"')
})
