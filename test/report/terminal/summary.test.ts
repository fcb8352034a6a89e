import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { renderSummary, type SummaryOptions } from '../../../src/report/terminal/summary.ts'
import { evidence, record } from '../reference-run.ts'
import { failing, passed, passing, tooFew, tooSlow, undecided, verdict, warned } from '../verdicts.ts'

const whole = evidence()
const summary = (facts: Partial<SummaryOptions> = {}): string =>
  renderSummary({ record, evidence: whole, verdict: failing, reportPath: 'reports/gemini-outage/latest/report.html', ...facts })

describe('the end summary', () => {
  it('begins with the verdict and the counts', () => {
    expect(summary()).toMatch(/^✗ FAIL {2}gemini-outage {3}1 of 7 failed, 1 inconclusive {3}60\.0 s {3}seed 42\n/)
    expect(summary({ verdict: passing })).toMatch(/^✓ PASS {2}gemini-outage {3}all 5 passed/)
    expect(summary({ verdict: undecided })).toMatch(/^\? INCONCLUSIVE/)
  })

  it('marks what only warns, and says why beside a pass', () => {
    const text = summary({ verdict: warned })
    expect(text).toMatch(/^✓ PASS {2}gemini-outage {3}all 5 passed, 1 warning/)
    expect(text).toContain('p95 was 2.004 s')
    expect(text).toMatch(/^▲ C1 {2}p95 during outage/m)
    expect(summary({ verdict: warned, ascii: true })).toMatch(/^w C1 /m)
  })

  it('begins with what did not pass, worst first: what was demanded, why it is not so, and the figures', () => {
    expect(summary().split('\n').slice(1, 9)).toEqual([
      '',
      '✗ C1  p95 during outage is below 1.5 s',
      '      p95 was 2.004 s during outage, 33.6 % over 1.5 s, until the breaker of gemini',
      '      opened at 16.9 s',
      '      measured 2.004 s   bound < 1.5 s   margin −33.6 %',
      '? C6  p99 of gemini during recovery is below 300 ms',
      '      214 samples cannot bound a p99: measured 281 ms, but it may be up to 340 ms',
      '      measured 281 ms   bound < 300 ms   margin +6.3 %',
    ])
  })

  it('gives measured, bound and margin of each criterion that passed on its row', () => {
    expect(summary({ verdict: passing })).toMatch(/^✓ {2}C2 +.* +≤ 5 s +\+\d/m)
  })

  it('tells each kind of errors on a line, the most frequent first: kind, status, route, phases', () => {
    const told = /^errors {4}(?<all>.*)\n(?<kinds>(?: {10}.*\n)+)/m.exec(summary())?.groups
    expect(told?.['all']).toBe('585 of 11,577 requests failed (5.05 %)')
    const kinds = told?.['kinds']?.trimEnd().split('\n')
    expect(kinds?.slice(0, 2)).toEqual([
      '          463 × rejected 503 to gemini.generateContent: outage 372, recovery 91',
      '          118 × upstream error 503 to gemini.generateContent: outage 118',
    ])
    const counts = kinds!.map((text) => Number(/\d+/.exec(text)))
    expect(counts).toEqual(counts.toSorted((one, other) => other - one))
    expect(summary({ evidence: { ...whole, failures: [] } })).not.toMatch(/^errors/m)
  })

  it('sums up the rarer kinds of errors, and forgets none', () => {
    const cell = whole.failures.find(({ outcome, phase }) => outcome === 'rejected' && phase === 'outage')
    const failures = Array.from({ length: 20 }, (_, at) => ({ ...cell!, error: `kind ${at}`, count: 100 - at }))
    const text = summary({ evidence: { ...whole, failures } })
    expect(text).toContain('100 × rejected 503 kind 0 to gemini.generateContent: outage 100')
    expect(text).toContain(
      `and ${Array.from({ length: 14 }, (_, at) => 94 - at)
        .reduce((sum, n) => sum + n)
        .toLocaleString('en-US')} of 14 rarer kinds`,
    )
  })

  it('keeps to 84 columns, a pass to 32 rows, and names how many passed unseen', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...passed[1]!, id: `C${index + 10}` }))
    for (const shown of [failing, passing, undecided, verdict([tooSlow, tooFew, ...many]), verdict(many)]) {
      const lines = summary({ verdict: shown }).trimEnd().split('\n')
      expect(lines.length).toBeGreaterThan(12)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(84)
    }
    for (const shown of [passing, verdict(many)]) expect(summary({ verdict: shown }).trimEnd().split('\n').length).toBeLessThanOrEqual(32)
    expect(summary({ verdict: verdict(many) })).toMatch(/^ {3}and \d+ more that passed$/m)
    expect(summary({ verdict: verdict([tooSlow, tooFew, ...many]) })).toMatch(/^40 criteria passed$|and \d+ more that passed$/m)
  })

  it('shows every criterion that did not pass, however many', () => {
    const failures = Array.from({ length: 30 }, (_, index) => ({ ...tooSlow, id: `C${index + 1}` }))
    const text = summary({ verdict: verdict([...failures, ...passed]) })
    for (const { id } of failures) expect(text).toMatch(new RegExp(`^✗ ${id} +p95 during outage is below 1.5 s$`, 'm'))
  })

  it('tells the way of each breaker, and which never moved', () => {
    expect(summary()).toContain('gemini closed → open 16.9 s → half-open 21.9 s')
    expect(summary()).toContain('assemblyai never left closed')
  })

  it('shows as inferred what traffic told of breakers', () => {
    const opened = {
      atMs: 16_950,
      between: [16_850, 17_050],
      upstream: 'gemini',
      from: 'closed',
      to: 'open',
      cause: 'inferred',
      sequence: 1,
    } as const
    const why = 'the gateway reports no breaker events'
    const partly = { fromMs: 40_000, toMs: 42_000, share: [0.6, 0.67, 0.72] as const, words: 'open for 67 % of the requests' }
    const inferred = ['gemini', 'assemblyai'].map((upstream) => ({
      upstream,
      why,
      transitions: [],
      partly: upstream === 'gemini' ? [partly] : [],
    }))
    const lines = summary({ evidence: { ...whole, transitions: [opened] }, verdict: { ...failing, inferred } }).replaceAll(/\s+/g, ' ')
    expect(lines).toContain('gemini closed → open about 17.0 s (± 0.1 s)')
    expect(lines).toContain('gemini open for 67 % of the requests (inferred)')
    expect(lines).toContain('the gateway reports no breaker events: these are inferred from its traffic')
    expect(lines).not.toContain('never left closed')
  })

  it('says whether the verdict stands, and why', () => {
    expect(summary()).toMatch(/^stands {4}✓ the verdict stands: all 3 checks of the run held$/m)
    expect(summary({ verdict: undecided }).replaceAll(/\s+/g, ' ')).toContain(
      'stands ? this run can carry no verdict: 1 of 4 checks of it did not hold - the event loop of the load generator stalled remedy: lower the rate to 160/s',
    )
    expect(summary({ verdict: { ...failing, validity: undecided.validity } })).toContain(
      '? the failure of this run stands, though 1 of 4 checks of it did not hold',
    )
    const tooLittle = { ...undecided, validity: passing.validity }
    expect(summary({ verdict: tooLittle })).toContain('checks of the run held; what is undecided needs more evidence')
  })

  it('ends with the report, the start, and the command to run again on a line of its own', () => {
    expect(summary()).toMatch(
      /report {4}reports\/.*\nstarted {3}2026-11-21T20:49:03.*\n\nto repeat it\nnpm run scenario -- gemini-outage --seed 42\n$/,
    )
  })

  it('prints the command whole and on one line at any width, its quotes unbroken', () => {
    const command = `npm run scenario -- gemini-outage --seed 42 --gateway 'node  my gateway.js --config "${'x y '.repeat(60)}"' --out my-reports`
    for (const width of [60, 84, 110, 300]) expect(summary({ record: { ...record, command }, width })).toContain(`\n${command}\n`)
  })

  it('tells why whole at any width, cut at no word', () => {
    const why = `${'a longer sentence than fits '.repeat(12)}and its end`
    for (const width of [1, 60, 84, 300]) {
      const text = summary({ verdict: verdict([{ ...tooSlow, why }]), width }).replaceAll(/\s+/g, ' ')
      expect(text).toContain(why)
    }
  })

  it('cuts no sentence of a criterion at any width, but wraps it', () => {
    const sentence = 'gemini opens within 1 second of the fault and closes within 5 seconds of its end, whatever else goes wrong'
    const calm = { ...whole, failures: [], transitions: [] }
    for (let width = 60; width < 110; width += 7) {
      const failed = summary({ verdict: verdict([{ ...tooSlow, sentence, why: 'x' }]), width })
      expect(failed.replaceAll(/\s+/g, ' ')).toContain(`✗ C1 ${sentence} x measured`)
      const [, row = ''] =
        /\n([✓!] {2}C4 [^]*?)\n\n/.exec(summary({ verdict: verdict([{ ...passed[0]!, sentence }]), evidence: calm, width })) ?? []
      const words = row.split(/\s+/)
      for (const word of sentence.split(' ')) expect(words).toContain(word)
      expect(Math.max(...row.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width)
    }
  })

  it('names every check that did not hold', () => {
    const held = undecided.validity.find((check) => !check.ok)
    const validity = ['one', 'two', 'three'].map((name) => Object.assign({}, held!, { id: name, sentence: `the ${name} was wrong` }))
    const text = summary({ verdict: { ...undecided, validity } })
    for (const { sentence } of validity) expect(text).toContain(`- ${sentence}`)
    const many = Array.from({ length: 9 }, (_, at) => Object.assign({}, held!, { id: `c${at}`, sentence: `check ${at} was wrong` }))
    expect(summary({ verdict: { ...undecided, validity: many } })).toContain('and 5 more, all in the report')
  })

  it('says INTERRUPTED and where', async () => {
    const text = summary({ evidence: evidence({ stopAtMs: 21_000 }), verdict: undecided })
    expect(text.split('\n')[0]).toMatch(/INTERRUPTED at 21\.\d s of 60\.0 s/)
  })

  it('shows dashes, not zeros, when there was no request', async () => {
    const text = summary({ evidence: evidence({ requests: false }), verdict: undecided })
    expect(text).toMatch(/^outage +0 +– +– +– +– +– +–$/m)
  })

  it('writes no escape sequence without colour, and lines up the same with it', () => {
    expect(summary()).not.toContain('\u001B')
    const coloured = summary({ colour: true })
    expect(coloured).toContain('\u001B[')
    expect(stripVTControlCharacters(coloured)).toBe(summary())
  })

  it('says below why what to do about it, once for findings that share it, on a line that can be copied', () => {
    const remedy = `judge 4 runs together: npm run scenario -- gemini-outage --seed 42 --gateway "node  my.js" --repeat 4`
    const two = [
      { ...tooFew, remedy },
      { ...tooFew, id: 'C7', remedy },
    ]
    for (const width of [60, 110]) {
      const text = summary({ verdict: verdict(two), width })
      expect(text.split(`\n      remedy: ${remedy}\n`)).toHaveLength(2)
      expect(text.indexOf(tooFew.why.slice(0, 20))).toBeLessThan(text.indexOf('remedy:'))
    }
    expect(summary()).not.toContain('remedy')
  })

  it('writes nothing outside ASCII when asked for it', () => {
    const text = summary({ ascii: true })
    expect(text).toMatch(/^x FAIL/)
    expect(summary({ ascii: true, verdict: passing })).toContain('<= 5 s')
    expect(text).toMatch(/^[\n\x20-\x7E]+$/)
  })

  it('lets no text from outside move the cursor or turn a line around', () => {
    const evil = `\u001B[2J\u202Egnp\r${'x'.repeat(1_000_000)}`
    const hostile = verdict([{ ...tooSlow, sentence: evil, why: evil, remedy: evil }])
    const text = summary({ verdict: { ...hostile, scenario: evil }, record: { ...record, command: evil } })
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202E/u)
    expect(text.length).toBeLessThan(8000)
  })
})
