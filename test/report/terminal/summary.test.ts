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
    expect(text).toContain('C1: p95 was 2.004 s')
    expect(text).toMatch(/^▲ {2}C1 {2}p95 during outage/m)
    expect(summary({ verdict: warned, ascii: true })).toMatch(/^w {2}C1 /m)
  })

  it('says why before it shows figures, worst first', () => {
    const text = summary()
    expect(text.indexOf('C1: p95 was 2.004 s')).toBeGreaterThan(0)
    expect(text.indexOf('C1: p95 was 2.004 s')).toBeLessThan(text.indexOf('C6: 214 samples'))
    expect(text.indexOf('C6: 214 samples')).toBeLessThan(text.indexOf('measured'))
  })

  it('gives measured, bound and margin of each criterion on its row', () => {
    expect(summary()).toMatch(/^✗ {2}C1 {2}p95 during outage is below 1\.5 s +2.004 s +< 1.5 s +−33\.6 %$/m)
  })

  it('keeps to 26 rows of 84 columns, and names how many passed unseen', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...passed[1]!, id: `C${index + 10}` }))
    for (const shown of [failing, passing, undecided, verdict([tooSlow, tooFew, ...many])]) {
      const lines = summary({ verdict: shown }).trimEnd().split('\n')
      expect(lines.length).toBeGreaterThan(12)
      expect(lines.length).toBeLessThanOrEqual(26)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(84)
    }
    expect(summary({ verdict: verdict([tooSlow, tooFew, ...many]) })).toMatch(/and \d+ more that passed/)
  })

  it('shows every criterion that did not pass, however many', () => {
    const failures = Array.from({ length: 30 }, (_, index) => ({ ...tooSlow, id: `C${index + 1}` }))
    const text = summary({ verdict: verdict([...failures, ...passed]) })
    for (const { id } of failures) expect(text).toMatch(new RegExp(`^✗ +${id} `, 'm'))
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

  it('says what makes the run doubtful, and what to do about it', () => {
    expect(summary({ verdict: undecided }).replaceAll(/\s+/g, ' ')).toContain(
      'valid ? 1 of 4 checks did not hold: the event loop of the load generator stalled; lower the rate to 160/s',
    )
  })

  it('ends with the report, the command to run again and the start', () => {
    expect(summary()).toMatch(
      /report {4}reports\/.*\nreplay {4}npm run scenario -- gemini-outage --seed 42\nstarted {3}2026-11-21T20:49:03/,
    )
  })

  it('prints the command whole and on one line at any width, its quotes unbroken', () => {
    const command = `npm run scenario -- gemini-outage --seed 42 --gateway 'node  my gateway.js --config "${'x y '.repeat(60)}"' --out my-reports`
    for (const width of [60, 84, 110, 300]) expect(summary({ record: { ...record, command }, width })).toContain(`replay    ${command}\n`)
  })

  it('tells why whole at any width, cut at no word', () => {
    const why = `${'a longer sentence than fits '.repeat(12)}and its end`
    for (const width of [1, 60, 84, 300]) {
      const text = summary({ verdict: verdict([{ ...tooSlow, why }]), width }).replaceAll(/\s+/g, ' ')
      expect(text).toContain(why)
    }
  })

  it('cuts the sentence of a criterion between words', () => {
    for (let width = 60; width < 110; width++) {
      const sentence = 'gemini opens within 1 second of the fault and closes within 5 seconds of its end'
      const row = summary({ verdict: verdict([{ ...tooSlow, sentence, why: 'x' }]), width })
        .split('\n')
        .find((text) => text.startsWith('✗  C1'))!
      const [, kept = ''] = /^✗ {2}C1 {2}(.*?)…? {2}/.exec(row) ?? []
      expect(`${sentence} `.startsWith(`${kept} `), row).toBe(true)
    }
  })

  it('names every check that did not hold', () => {
    const held = undecided.validity.find((check) => !check.ok)
    const validity = ['one', 'two', 'three'].map((name) => Object.assign({}, held!, { id: name, sentence: `the ${name} was wrong` }))
    const text = summary({ verdict: { ...undecided, validity } })
    for (const { sentence } of validity) expect(text).toContain(sentence)
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
      expect(text.split(`\nremedy    ${remedy}\n`)).toHaveLength(2)
      expect(text.indexOf('why ')).toBeLessThan(text.indexOf('remedy '))
    }
    expect(summary()).not.toContain('remedy')
  })

  it('writes nothing outside ASCII when asked for it', () => {
    const text = summary({ ascii: true })
    expect(text).toMatch(/^x FAIL/)
    expect(text).toContain('<= 5 s')
    expect(text).toMatch(/^[\n\x20-\x7E]+$/)
  })

  it('lets no text from outside move the cursor or turn a line around', () => {
    const evil = `\u001B[2J\u202Egnp\r${'x'.repeat(1_000_000)}`
    const hostile = verdict([{ ...tooSlow, sentence: evil, why: evil, remedy: evil }])
    const text = summary({ verdict: { ...hostile, scenario: evil }, record: { ...record, command: evil } })
    expect(text).not.toMatch(/(?!\n)\p{Cc}|\u202E/u)
    expect(text.length).toBeLessThan(7000)
  })
})
