// Which errors, to whom, and some of them in full.
import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../../../src/evidence/evidence.ts'
import { renderHtml } from '../../../../src/report/html/page.ts'
import { evidence, plan, record } from '../../reference-run.ts'
import { failing } from '../../verdicts.ts'

const whole = evidence()
const section = (id: string, facts: { evidence?: Evidence; record?: typeof record } = {}): string => {
  const html = renderHtml({ record, evidence: whole, verdict: failing, ...facts })
  return new RegExp(`<section id="${id}">.*?</section>`, 's').exec(html)?.[0] ?? ''
}
const text = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
const counted = (outcome: string): number =>
  whole.requests.filter((cell) => cell.outcome === outcome && cell.phase !== 'warm-up').reduce((sum, { count }) => sum + count, 0)

describe('the errors', () => {
  it('are told by kind, status, route and phase, the most frequent first, and fallbacks after them', () => {
    const rows = text(section('errors'))
    const [rejected, upstreamErrors, fallbacks] = ['rejected', 'upstream_error', 'fallback'].map(counted) as [number, number, number]
    expect(Math.min(rejected, upstreamErrors, fallbacks)).toBeGreaterThan(100)
    expect(rejected).toBeGreaterThan(upstreamErrors)
    const places = ['rejected', 'upstream error', 'fallback'].map((kind) => rows.indexOf(` ${kind} `, rows.indexOf('due from, to')))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(rows).toMatch(
      new RegExp(
        `upstream error .*? 503 gemini.generateContent ${upstreamErrors.toLocaleString('en-US')} .*? outage ${upstreamErrors.toLocaleString('en-US')} of`,
      ),
    )
  })

  it('are summed in a sentence without the warm-up', () => {
    const failed = ['rejected', 'upstream_error', 'timeout'].map(counted).reduce((sum, count) => sum + count, 0)
    expect(text(section('errors'))).toContain(`${failed.toLocaleString('en-US')} of `)
    const early: Evidence = {
      ...whole,
      failures: [
        { phase: 'warm-up', route: 'gemini.generateContent', outcome: 'timeout', status: 0, error: '', count: 9, firstMs: 1, lastMs: 2 },
      ],
    }
    expect(text(section('errors', { evidence: early }))).toMatch(/None of [\d,]+ judged requests failed\./)
  })

  it('leave the probes of claims out, which are sent to fail', () => {
    const mix = plan.load.mix.map((route) =>
      route.route === 'gemini.generateContent' ? { ...route, probe: { fromMs: 1, everyMs: 1, count: 1 } } : route,
    )
    const probed = { ...record, plan: { ...plan, load: { ...plan.load, mix } } }
    expect(text(section('errors', { record: probed }))).not.toContain('gemini.generateContent')
  })

  it('are unknown where no request ended', () => {
    expect(text(section('errors', { evidence: evidence({ requests: false }) }))).toContain('nothing is known of errors')
  })

  it('are bounded in number, and the rest is summed', () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ ...whole.failures.at(-1)!, phase: 'outage', error: `e${at}`, count: 1 }))
    const html = section('errors', { evidence: { ...whole, failures: many } })
    expect(html.match(/<tr class="fail"/g)?.length ?? 0).toBeLessThanOrEqual(30)
    expect(text(html)).toMatch(/And 170 requests of 170 rarer kinds\./)
  })
})

describe('sample requests', () => {
  it('show each attempt with its status, time and faults', () => {
    const trace = whole.sample.find(({ why, attempts }) => why === 'upstream_error' && attempts.length > 1)
    const attempt = {
      ...trace!.attempts[0]!,
      arrivedMs: trace!.dueMs + 3,
      departedMs: trace!.dueMs + 8,
      status: 503,
      whole: true,
      faults: ['F1'],
    }
    const html = text(section('samples', { evidence: { ...whole, sample: [{ ...trace!, attempts: [attempt] }] } }))
    expect(html).toContain('attempt 1 gemini')
    expect(html).toContain('at +3 ms generateContent: 503 after 5 ms, fault F1')
  })

  it('hold good ones that were tried more than once', () => {
    expect(whole.sample.some(({ why, attempts }) => why === 'repeated' && attempts.length > 1)).toBe(true)
    expect(text(section('samples'))).toMatch(/ended ok after more than one attempt 3 requests .*?attempt 2 gemini/)
  })

  it('are linked from the table of errors', () => {
    const anchors = [...section('errors').matchAll(/href="#(E\d+)"/g)].map(([, id]) => id)
    expect(anchors.length).toBeGreaterThan(1)
    for (const id of anchors) expect(section('samples')).toContain(`id="${id}"`)
  })

  it('stay text, whatever a gateway calls its errors', () => {
    const error = '</span><script>alert(1)</script>'
    const hostile: Evidence = {
      ...whole,
      failures: whole.failures.map((cell) => Object.assign({}, cell, { error })),
      sample: whole.sample.map((trace) => Object.assign({}, trace, { error, id: error, identity: error })),
    }
    for (const id of ['errors', 'samples']) expect(section(id, { evidence: hostile })).not.toContain('<script')
  })
})
