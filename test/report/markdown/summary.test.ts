import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, it } from 'vitest'
import { renderMarkdown } from '../../../src/report/markdown/summary.ts'
import type { Verdict } from '../../../src/judge/verdict.ts'
import type { JudgedRun } from '../../../src/run/judged-run.ts'
import type { Series, SeriesRun } from '../../../src/run/series.ts'
import { evidence, record } from '../reference-run.ts'
import { judged, series, unbegun, unplayed } from '../series.ts'
import { failing, passed, passing, tooFew, tooSlow, undecided, verdict, warned } from '../verdicts.ts'

const one = (said: Verdict, facts?: Partial<JudgedRun>): Series => series('gemini-outage', judged(said, facts))
const summary = (said = failing, facts?: Partial<JudgedRun>): string => renderMarkdown([one(said, facts)])
/** As GitHub would show it, HTML let through, so that what comes from outside is seen. */
const shown = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true, allowDangerousProtocol: true })
const tagsOf = (html: string): string[] => [...new Set([...html.matchAll(/<([\w!]+)/g)].map(([, tag]) => tag!))]

describe('the Markdown summary of a run', () => {
  it('begins with the verdict, the scenario, the counts and the seed', () => {
    expect(summary()).toMatch(/^## ✗ FAIL: gemini-outage\n\n1 of 7 failed, 1 inconclusive, 60\.0 s, seed 42\.\n/)
    expect(summary(passing)).toMatch(/^## ✓ PASS: gemini-outage\n\nAll 5 passed/)
    expect(summary(undecided)).toMatch(/^## \? INCONCLUSIVE/)
  })

  it('says why, with the line of the criterion, before any table', () => {
    const text = summary()
    expect(text).toContain('- ✗ **C1** fail: p95 was 2.004 s during outage')
    expect(text).toContain('(`scenarios/gemini-outage.ts:31`)')
    expect(text.indexOf('**C6** inconclusive')).toBeGreaterThan(text.indexOf('**C1** fail'))
    expect(text.indexOf('**C6** inconclusive')).toBeLessThan(text.indexOf('|'))
  })

  it('says what to do about what is undecided, and about a check that did not hold', () => {
    const text = summary(verdict([{ ...tooFew, remedy: 'judge 4 runs together' }], undecided.validity))
    expect(text).toContain('Remedy: judge 4 runs together')
    expect(text).toContain('1 of 4 checks of the run did not hold')
    expect(text).toContain('Remedy: lower the rate to 160/s')
  })

  it('gives each criterion a row with measured, bound and margin, what passed in details', () => {
    const html = shown(summary())
    const [open = '', hidden = ''] = html.split('<details>')
    expect(open).toMatch(
      /<td>✗ fail<\/td>\s*<td>C1<\/td>\s*<td>p95 during outage is below 1\.5 s<\/td>\s*<td[^>]*>2\.004 s<\/td>\s*<td[^>]*>&lt; 1\.5 s<\/td>\s*<td[^>]*>−33\.6 %<\/td>/,
    )
    expect(open).toContain('<td>! near miss</td>')
    expect(hidden).toContain('4 criteria passed')
    expect(hidden.match(/<td>✓ pass<\/td>/g)).toHaveLength(4)
  })

  it('shows a warning as one, and passes', () => {
    expect(summary(warned)).toMatch(/^## ✓ PASS/)
    expect(summary(warned)).toContain('- ▲ **C1** warning: p95 was 2.004 s')
  })

  it('has a row for each phase that is judged', () => {
    const html = shown(summary())
    expect([...html.matchAll(/<td>(warm-up|steady|outage|recovery)<\/td>/g)].map(([, name]) => name)).toEqual([
      'steady',
      'outage',
      'recovery',
    ])
  })

  it('draws latency, fault and breaker over one axis', () => {
    const rows = summary().split('\n')
    const row = (name: string): string => rows.find((text) => text.startsWith(name))!.slice(18, 78)
    expect(row('F1 gemini')).toBe(`${' '.repeat(15)}${'▓'.repeat(16)}${' '.repeat(29)}`)
    expect(row('gemini  ')).toBe(`${'.'.repeat(16)}OOOOOHHOOOOHOOOOHH${'.'.repeat(26)}`)
    expect(row('p95 of ok')).toMatch(/^▁+[▄-█]+▁+$/)
    expect(rows.find((text) => text.startsWith('F1'))).toMatch(/answers 503$/)
  })

  it('tells the way of each breaker', () => {
    expect(summary()).toContain('- gemini closed → open 16.9 s → half-open 21.9 s')
  })

  it('names the report and the command to repeat it, as it is typed', () => {
    expect(summary()).toContain('`reports/gemini-outage/1/report.html`')
    expect(summary()).toContain('```sh\nnpm run scenario -- gemini-outage --seed 42\n```')
  })

  it('says how far an interrupted run got', () => {
    expect(summary(undecided, { evidence: evidence({ stopAtMs: 20_000 }) })).toContain('interrupted at 20.0 s of 60.0 s')
  })

  it('is drawn without requests too', () => {
    expect(summary(undecided, { evidence: evidence({ requests: false }) })).toMatch(/^## \? INCONCLUSIVE/)
  })
})

describe('the Markdown summary of several runs', () => {
  const repeats: Series = {
    ...series('gemini-outage', judged(undecided), judged(passing)),
    together: { verdict: { ...passing, seeds: [42, 43] }, path: 'reports/gemini-outage/repeats-1.json' },
  }
  it('begins with an overview, a row for each scenario, worst first', () => {
    const text = renderMarkdown([
      series('left', unbegun),
      one(passing),
      one(undecided),
      repeats,
      one(failing),
      series('steady', unplayed()),
    ])
    expect(text).toMatch(/^\*\*2 of 6 scenarios passed\*\*\n/)
    const [table = ''] = shown(text).split('</table>')
    expect([...table.matchAll(/<tr>\s*<td>(.*?)<\/td>/g)].map(([, cell]) => cell)).toEqual([
      '✗ not played',
      '✗ fail',
      '? inconclusive',
      '? not begun',
      '✓ pass',
      '✓ pass',
    ])
  })

  it('tells what repeats say together before each of them', () => {
    const text = renderMarkdown([repeats])
    expect(text).toMatch(/^## ✓ PASS: gemini-outage, 2 runs together\n\nAll 5 passed, seeds 42, 43\./)
    expect(text.match(/^## .*/gm)).toEqual([
      '## ✓ PASS: gemini-outage, 2 runs together',
      '## ? INCONCLUSIVE: gemini-outage',
      '## ✓ PASS: gemini-outage',
    ])
  })

  it('tells why a scenario was not played, or not begun', () => {
    const text = renderMarkdown([series('steady', unplayed()), series('left', unbegun)])
    expect(text).toContain('## ✗ NOT PLAYED: steady\n\nSeed 42.\n\nport 9201 is taken\n\nLogs: `reports/steady/1`')
    expect(text).toContain('## ? NOT BEGUN: left\n\nSeed 42.\n\nan earlier scenario did not pass (--bail)')
  })
})

describe('the size of the Markdown summary', () => {
  const many = verdict([
    ...Array.from({ length: 500 }, (_, at) => ({ ...tooSlow, id: `C${at + 1}`, why: `${'why '.repeat(200)}${at}` })),
    ...passed,
  ])

  it.each([
    ['one run with 500 failures', [one(many)]],
    ['300 repeats', [series('gemini-outage', ...Array.from({ length: 300 }, () => judged(many)))]],
    ['300 scenarios', Array.from({ length: 300 }, () => one(many))],
    [
      'text that escapes make longer',
      [one(verdict(Array.from({ length: 200 }, () => ({ ...tooSlow, why: '|'.repeat(2000), sentence: '_'.repeat(2000) }))))],
    ],
  ])('stays within 64 KiB: %s', (_, all) => {
    const text = renderMarkdown(all)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64 * 1024)
    expect(Buffer.byteLength(text)).toBeGreaterThan(8 * 1024)
    expect(text).toMatch(/^(## ✗ FAIL|\*\*0 of 300 scenarios passed)/)
  })

  it('says that something was left out, and where it is', () => {
    expect(renderMarkdown([one(failing)], 1500)).toContain('_More is in the report._')
    expect(renderMarkdown([one(failing)])).not.toContain('_More is in the report._')
  })

  it('shows the worst run whole before a better one', () => {
    const text = renderMarkdown([one(passing), one(failing)], 3500)
    expect(text.slice(text.indexOf('## ✗'), text.indexOf('## ✓'))).toContain('Phases')
    expect(text.slice(text.indexOf('## ✓'))).not.toContain('Phases')
  })
})

describe('text from outside in the Markdown summary', () => {
  const hostile: [name: string, text: string][] = [
    ['an element', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['a comment', '<!-- hidden'],
    ['the end of details', '</details></summary><h1>'],
    ['an image and a link', '![x](http://evil.example/x.png) [click](javascript:alert(1)) <http://evil.example>'],
    ['addresses', 'see https://evil.example/a, www.evil.example and me@evil.example'],
    ['emphasis', '**bold** _it_ ~~struck~~ `code`'],
    ['a heading and a rule', '# head\n## head\n---\n==='],
    ['a list and a quote', '- item\n1. item\n> quote'],
    ['a fence', '```\n~~~\n````sh'],
    ['cells', 'a | b \\| c \\\\| d'],
    ['a footnote and a task', '[^1] [ ] [x]: http://evil.example'],
    ['an entity', '&lt;b&gt; &#60;'],
    ['backslashes', '\\\\<b> \\'],
    ['what a CI system obeys', 'a\n::error::owned ##[error]owned'],
  ]

  it.each(hostile)('is shown as it is: %s', (_, evil) => {
    const finding = { ...tooSlow, id: evil, sentence: evil, why: evil, remedy: evil, source: { file: evil, line: 1 } }
    const said = verdict([finding], [{ ...undecided.validity.at(-1)!, sentence: evil, remedy: evil }])
    const run = judged(said, { record: { ...record, command: evil }, reportPath: evil })
    const text = renderMarkdown([series(evil, run, { ...unplayed(evil), folder: evil } as SeriesRun), series(evil)])
    const html = shown(text)
    const ours = new Set(['h2', 'h3', 'p', 'ul', 'li', 'strong', 'code', 'pre', 'table', 'thead', 'tbody', 'tr', 'th', 'td'])
    expect(tagsOf(html).filter((tag) => !ours.has(tag))).toEqual([])
    // Every cell of a row is a column's.
    const cells = [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) => row!.match(/<t[hd]/g)!.length)
    expect(cells).toEqual([3, 3, 3, 6, 6, 8, 8, 8, 8])
    expect(html.match(/<h2>/g)).toHaveLength(2)
    expect(html.match(/<strong>/g)).toHaveLength(2)
    expect(text).not.toMatch(/^\s*::[a-z]/m)
    expect(text).not.toContain('##[')
  })

  it('keeps the words: what a reader sees is what was written', () => {
    const evil = 'a_b*c [d](e) <f> & `g` | h ~ i $j #1 \\k'
    const html = shown(renderMarkdown([series('x', { is: 'not_begun', seed: 1, why: evil })]))
    expect(html).toContain(`<p>${evil.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`)
  })
})

it('tells the share of false alerts in the overview', () => {
  const told = judged({ ...passing, alerts: { raised: 8, false: 2 } })
  expect(renderMarkdown([series('steady', told), series('other', judged(passing))])).toContain('\n\n2 of 8 alerts false (25 %).\n')
})
