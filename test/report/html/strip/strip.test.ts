// When a run failed: hatched windows, bars of criteria, bounds, and the values of each interval.
import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../../../src/report/html/page.ts'
import { MOST_STOPS } from '../../../../src/report/html/strip/cursor.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { evidence, plan, record } from '../../reference-run.ts'
import { failing, passing, tooSlow } from '../../verdicts.ts'

const whole = evidence()
const page = (facts: { verdict?: typeof failing; plan?: Plan } = {}): string =>
  renderHtml({ record: { ...record, plan: facts.plan ?? plan }, evidence: whole, verdict: facts.verdict ?? failing })
const ground = (html: string): string => /<g id="ground">.*?<\/g>/s.exec(html)?.[0] ?? ''
const spans = (html: string): string[] => html.match(/<a id="w-[^>]*>/g) ?? []

describe('windows of criteria', () => {
  it('are hatched in every plot where a criterion failed, and nowhere else', () => {
    expect(ground(page()).match(/<rect class="failed-window" [^>]*x="25%" width="25%"/g)).toHaveLength(1)
    expect(page().match(/<use href="#ground">/g)?.length ?? 0).toBeGreaterThan(5)
    expect(page({ verdict: passing })).not.toContain('class="failed-window"')
  })

  it('are bars with what was measured and the bound, one for each criterion, failed ones first', () => {
    expect(spans(page())).toHaveLength(failing.findings.length)
    expect(spans(page())[0]).toMatch(/id="w-C1" class="span fail [a-z]+" style="left:25%;width:25%" href="#C1"/)
    expect(page()).toContain('✗ C1 2.004 s, bound &lt; 1.5 s')
  })

  it('are linked from the cards of what did not pass', () => {
    const why = /<section id="why">.*?<\/section>/s.exec(page())?.[0] ?? ''
    expect(why).toMatch(/<a href="#w-C1">When: outage · 15\.0–30\.0 s<\/a>/)
  })

  it('hatches no window that is as long as the run', () => {
    const all = { ...failing, findings: [{ ...tooSlow, window: { fromMs: 0, toMs: 60_000, phases: ['steady'] } }] }
    expect(page({ verdict: all })).not.toContain('class="failed-window"')
    expect(spans(page({ verdict: all }))).toHaveLength(1)
  })
})

describe('faults', () => {
  const [fault] = plan.faults
  it('shade a time once, however many act in it', () => {
    const many = Array.from({ length: 6 }, (_, at) => Object.assign({}, fault!, { id: `F${at + 1}` }))
    const html = page({ plan: { ...plan, faults: many } })
    expect(ground(html).match(/class="shade"/g)).toHaveLength(1)
  })

  it('of one time are one bar where they are many, and each is in the table', () => {
    const many = Array.from({ length: 6 }, (_, at) => Object.assign({}, fault!, { id: `F${at + 1}` }))
    const html = page({ plan: { ...plan, faults: many } })
    expect(html.match(/class="fault-planned"/g)).toHaveLength(1)
    expect(html).toContain('F1–F6 gemini: 6 faults, 5 never seen')
    for (const { id } of many) expect(html).toContain(`<th scope="row">${id}</th>`)
  })
})

describe('the values of intervals', () => {
  const stops = [...page().matchAll(/<label[^>]*><input type="radio" name="at"\/?>(.*?)<\/label>/gs)].map(([, text = '']) =>
    text.replaceAll(/<[^>]*>/g, ' '),
  )

  it('are told for every interval of the run, in a bounded number', () => {
    expect(stops.length).toBeGreaterThan(100)
    expect(stops.length).toBeLessThanOrEqual(MOST_STOPS)
    expect(stops.at(-1)).toContain('60.00 s')
  })

  it('hold outcomes, latencies, rates, attempts, the phase, the faults and open breakers', () => {
    const during = stops.find((text) => text.includes('18.00 s to'))!
    expect(during).toMatch(/outage, F1 on, gemini OPEN/)
    expect(during).toMatch(/\d+ ok, \d+ fallback/)
    expect(during).toMatch(/ok p50 [\d.]+ ms, p95 [\d.]+ ms, p99 [\d.]+ ms/)
    expect(during).toMatch(/offered \d+\/s, achieved \d+\/s · attempts gemini 0\.00×, assemblyai 1\.\d\d×/)
  })

  it('are those of the evidence', () => {
    const total = stops.reduce(
      (sum, text) =>
        sum +
        [...text.matchAll(/([\d,]+) (?:ok|fallback|rejected|upstream error|timeout)\b/g)].reduce(
          (each, [, count = '0']) => each + Number(count.replaceAll(',', '')),
          0,
        ),
      0,
    )
    expect(total).toBe(whole.requests.reduce((sum, { count }) => sum + count, 0))
  })
})
