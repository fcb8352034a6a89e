import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../../src/evidence/evidence.ts'
import type { Verdict } from '../../../src/judge/verdict.ts'
import { renderHtml } from '../../../src/report/html/page.ts'
import type { RunRecord } from '../../../src/run/bundle/record.ts'
import { evidence, plan, record, slower } from '../reference-run.ts'
import { failing, loopDelay, passing, tooFew, tooSlow, undecided, verdict } from '../verdicts.ts'

const whole = evidence()
const page = (facts: { verdict?: Verdict; evidence?: Evidence; record?: RunRecord } = {}): string =>
  renderHtml({ record, evidence: whole, verdict: failing, ...facts })
const text = (html: string): string => html.replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, ' ').replaceAll(/\s+/g, ' ')
const section = (html: string, id: string): string => new RegExp(`<section id="${id}">.*?</section>`, 's').exec(html)?.[0] ?? ''

describe('the page', () => {
  it('begins its title with the verdict word', () => {
    expect(page()).toContain('<title>FAIL gemini-outage')
    expect(page({ verdict: passing })).toContain('<title>PASS gemini-outage')
    expect(page({ verdict: undecided })).toContain('<title>INCONCLUSIVE gemini-outage')
  })

  it('is the same bytes for the same run', async () => {
    const again = page({ evidence: evidence(), verdict: structuredClone(failing), record: structuredClone(record) })
    expect(again).toBe(page())
  })

  it('stays below 250 KiB for a run of a minute', () => {
    const bytes = Buffer.byteLength(page())
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThan(250 * 1024)
  })

  it('stays below 250 KiB for a run of 20 minutes', () => {
    const long = slower(20)
    const bytes = Buffer.byteLength(page({ record: { ...record, plan: long.plan }, evidence: long.evidence }))
    expect(long.plan.durationMs).toBe(1_200_000)
    expect(bytes).toBeLessThan(250 * 1000)
  })

  it('holds no script and no address to load from', () => {
    const html = page()
    expect(html).toContain(`content="default-src &#39;none&#39;`.replaceAll('&#39;', "'"))
    expect(html).not.toMatch(/<script|<img|<iframe|@import|\ssrc=/i)
    expect(
      [...html.matchAll(/href="([^"]*)"/g)].map(([, address = '']) => address).filter((address) => !/^(#|data:image)/.test(address)),
    ).toEqual([])
  })

  it('writes a style sheet that escaping leaves as it is', () => {
    const sheet = /<style>(.*?)<\/style>/s.exec(page())?.[1] ?? ''
    expect(sheet).toContain('prefers-color-scheme: dark')
    expect(sheet).not.toMatch(/[&"<]/)
  })

  it('links to nothing that it does not have', () => {
    for (const html of [page(), page({ verdict: passing }), page({ verdict: undecided })]) {
      const anchors = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
      const ids = new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))
      expect(anchors.length).toBeGreaterThan(5)
      expect(anchors.filter((id) => !ids.has(id ?? ''))).toEqual([])
    }
  })
})

describe('sections', () => {
  it('tells why only when something did not pass', () => {
    expect(section(page(), 'why')).toContain('33.6 % over 1.5 s')
    expect(page({ verdict: passing })).not.toContain('<section id="why"')
    const html = page({ verdict: verdict([{ ...tooFew, remedy: 'judge 4 runs together' }]) })
    expect(text(section(html, 'why'))).toContain('Remedy: judge 4 runs together')
  })

  it('shows a check that did not hold with its remedy, above those that held', () => {
    const html = page({ verdict: undecided })
    expect(text(section(html, 'why'))).toContain('Remedy: lower the rate')
    const rows = text(section(html, 'validity'))
    expect(rows.indexOf(loopDelay.sentence)).toBeLessThan(rows.indexOf('the load was delivered'))
    expect(rows).toContain('1 of 4 checks did not hold')
  })

  it('gives every criterion its measured value, interval, bound, margin, samples and place', () => {
    const row = /<tr id="C1".*?<\/tr>/s.exec(page())?.[0] ?? ''
    for (const part of [
      '✗ fail',
      '2.004 s',
      '1.912 s to 2.09 s',
      '&lt; 1.5 s',
      '−33.6 %',
      '776',
      'scenarios/gemini-outage.ts:31',
      '15.0–30.0 s',
    ])
      expect(row).toContain(part)
  })

  it('marks a pass by less than a tenth as a near miss', () => {
    expect(/<tr id="C4".*?<\/tr>/s.exec(page())?.[0]).toContain('! near miss')
  })

  it('keeps the order in which findings were judged', () => {
    const ids = [...section(page(), 'verdict').matchAll(/<tr id="(C\d+)"/g)].map(([, id]) => id)
    expect(ids).toEqual(failing.findings.map((finding) => finding.id))
  })

  it('counts phases by upstream, and all judged phases without the warm-up', () => {
    const rows = text(section(page(), 'phases'))
    const judged = whole.requests.filter((cell) => cell.phase !== 'warm-up').reduce((sum, cell) => sum + cell.count, 0)
    expect(judged).toBeGreaterThan(10_000)
    expect(rows).toContain(`all judged phases ${judged.toLocaleString('en-US')} `)
    expect(rows).toContain('warm-up 0.0 s to 3.0 s, not judged')
  })

  it('lists every transition with its cause and counters', () => {
    const rows = text(section(page(), 'transitions'))
    expect(rows).toContain('16.91 s gemini CLOSED → OPEN failures 5 failures, opens at 5')
    expect(rows).toContain('33.35 s gemini HALF-OPEN → CLOSED probes succeeded')
  })

  it('tells how to run it again, with the whole plan', () => {
    const html = section(page(), 'reproduce')
    expect(html).toContain(record.command)
    expect(html).toContain('&quot;durationMs&quot;: 60000')
  })

  it('names processes that ended by themselves, and notes', () => {
    const died: Evidence = {
      ...whole,
      processes: [{ role: 'gateway', atMs: 12_340, edge: 'exited', unexpected: true, code: 1, signal: null, stderr: 'TypeError: nope' }],
      notes: [{ atMs: 100, code: 'events_lost', text: 'the event stream broke off' }],
    }
    expect(text(section(page({ evidence: died }), 'validity'))).toContain(
      '0.10 s the event stream broke off 12.34 s gateway ended by itself (code 1): TypeError: nope',
    )
  })
})

describe('the incident strip', () => {
  const strip = section(page(), 'incident')

  it('draws a planned fault hollow and the observed one solid, from its first bite to its clearing', () => {
    expect(strip).toMatch(/<rect class="fault-planned" [^>]*x="25%" width="25%"/)
    expect(strip).toMatch(/<rect class="fault-observed" [^>]*x="25.07%" width="24.97%"/)
    expect(strip).toContain('<title>F1 gemini answers 503: planned 15.0 s to 30.0 s, seen to bite 15.04 s to 30.02 s</title>')
  })

  it('draws no solid bar for a fault that was never seen', async () => {
    const unseen = section(page({ evidence: evidence({ faults: false }) }), 'incident')
    expect(unseen).not.toContain('class="fault-observed"')
    expect(unseen).toContain('(never seen)')
  })

  it('keeps a half-open breaker at least 6 px wide, and ticks every transition', () => {
    expect(strip.match(/class="breaker half_open"[^>]*style="width:max\(6px,/g)).toHaveLength(3)
    expect(strip.match(/<line class="tick"/g)).toHaveLength(7)
  })

  it('draws a bound across its own window only, with its label', () => {
    expect(strip).toMatch(/<g class="bound failed"><line x1="25%" x2="50%"[^>]*><\/line><text[^>]*>C1 p95 &lt; 1.5 s/)
    // Three of latency; one of errors and one of attempts in the charts of these.
    expect(strip.match(/class="bound( failed)?"/g)).toHaveLength(5)
  })

  it('fills the breach between bound and curve', () => {
    expect(strip.match(/class="breach"/g)).toHaveLength(1)
  })

  it('gives each chart a sentence and a table of at most 60 rows', () => {
    const charts = strip.match(/<figure .*?<\/figure>/gs) ?? []
    expect(charts).toHaveLength(5)
    for (const chart of charts) {
      expect(chart).toMatch(/<figcaption><b>[^<]+<\/b> [A-Z0-9a-z][^<]+\.<\/figcaption>/)
      const rows = chart.match(/<tr>/g)?.length ?? 0
      expect(rows).toBeGreaterThan(1)
      expect(rows).toBeLessThanOrEqual(61)
    }
  })

  it('leaves a gap where no request ended ok', () => {
    const gapped: Evidence = { ...whole, series: { ...whole.series, latencies: {} } }
    for (const [upstream, lines] of Object.entries(whole.series.latencies))
      gapped.series.latencies[upstream] = { ...lines, ok: lines.ok?.with(100, null) ?? [] }
    const subpaths = (html: string): number => /class="curve p50" d="([^"]*)"/.exec(html)?.[1]?.split('M').length ?? 0
    expect(subpaths(section(page({ evidence: gapped }), 'incident'))).toBe(subpaths(strip) + 1)
  })
})

describe('runs that went otherwise', () => {
  it('puts validity first and says so when no request completed', async () => {
    const html = page({ evidence: evidence({ requests: false }), verdict: undecided })
    expect(html.indexOf('<section id="validity"')).toBeLessThan(html.indexOf('<section id="why"'))
    expect(text(html)).toContain('No request completed')
    expect(text(html)).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('says INTERRUPTED, where, and what was not reached', async () => {
    const html = page({ evidence: evidence({ stopAtMs: 21_000 }), verdict: undecided })
    expect(text(html)).toMatch(/INTERRUPTED at 21\.1 s of 60\.0 s: partial run, stopped from outside \(SIGINT\)\. Not reached: recovery\./)
    expect(html).toContain('class="unreached"')
  })

  it('does not call a breaker closed that told nothing', async () => {
    const html = text(section(page({ evidence: evidence({ breakerEvents: false }) }), 'incident'))
    expect(html).toContain('gateway exposed no breaker state')
    expect(html).not.toContain('CLOSED')
  })

  it('shows as inferred what traffic told: dashed, and between which times it happened', () => {
    const between = [16_850, 17_050] as const
    const opened = { atMs: 16_950, between, upstream: 'gemini', from: 'closed', to: 'open', cause: 'inferred', sequence: 1 } as const
    const partly = { fromMs: 40_000, toMs: 42_000, share: [0.6, 0.67, 0.72] as const, words: 'open for 67 % of the requests' }
    const why = 'the events of the gateway are ignored (--observe traffic)'
    const inferred = [
      { upstream: 'gemini', why, transitions: [{ from: 'closed', to: 'open', betweenMs: between } as const], partly: [partly] },
    ]
    const html = page({ evidence: { ...whole, transitions: [opened] }, verdict: { ...failing, inferred } })
    expect(section(html, 'incident')).toContain('class="breaker open inferred"')
    expect(text(section(html, 'incident'))).toContain('opened at about 16.95 s (± 0.10 s), as its traffic shows')
    const rows = text(section(html, 'transitions'))
    expect(rows).toContain('about 16.95 s (± 0.10 s) gemini CLOSED → OPEN inferred')
    expect(rows).toContain(`since ${why}`)
    expect(rows).toContain('gemini was open for 67 % of the requests: inferred from its traffic')
  })

  it('says when no faults were scheduled', () => {
    const calm = { ...record, plan: { ...plan, faults: [] } }
    expect(text(section(page({ record: calm, evidence: { ...whole, faults: [], transitions: [] } }), 'incident'))).toContain(
      'no faults scheduled',
    )
  })

  it('says when a scenario demands nothing', () => {
    expect(text(section(page({ verdict: verdict([]) }), 'verdict'))).toContain('declares no criteria')
  })

  it('shows the probes of claims apart, and only where there are any', () => {
    expect(section(page(), 'probes')).toBe('')
    const [asked, ...others] = plan.load.mix
    const probed = { ...asked!, route: 'gemini probe not-found', weight: 0, probe: { fromMs: 15_000, everyMs: 25, count: 40 } }
    const phases = plan.phases.map((each) => (each.name === 'outage' ? Object.assign({}, each, { warmUp: true, probes: true }) : each))
    const cell = whole.requests.find(({ phase, outcome }) => phase === 'outage' && outcome === 'ok')
    const requests = [...whole.requests, { ...cell!, route: probed.route, count: 40, outcome: 'upstream_error' as const }]
    const html = page({
      record: { ...record, plan: { ...plan, phases, load: { ...plan.load, mix: [asked!, ...others, probed] } } },
      evidence: { ...whole, requests },
    })
    expect(text(section(html, 'probes'))).toContain('gemini probe not-found 40 40 upstream error 0.00')
    expect(text(section(html, 'phases'))).toContain('judged by claims alone')
  })

  it('folds many quiet breakers into one lane', () => {
    const names = Array.from({ length: 12 }, (_, index) => `upstream${index}`)
    const upstreams = Object.fromEntries(names.map((name) => [name, { module: 'm', export: 'e' }]))
    const settings = plan.gateway.upstreams.gemini!
    const many = { ...plan, upstreams, gateway: { upstreams: Object.fromEntries(names.map((name) => [name, settings])) } }
    const html = section(page({ record: { ...record, plan: many }, evidence: { ...whole, transitions: [] } }), 'incident')
    expect(html).toContain('12 others')
    expect(html).toContain('CLOSED throughout')
  })
})

describe('hostile text', () => {
  const evil = `</script></style><img src=x onerror=alert(1)>\u202Efdp.exe\0\u001B[2J"'&${'A'.repeat(1_000_000)}`
  const hostile = page({
    record: {
      ...record,
      command: evil,
      host: { ...record.host, cpu: evil },
      gateway: { kind: 'command', command: evil },
      plan: {
        ...plan,
        story: evil,
        phases: [{ ...plan.phases[1]!, name: evil }],
        faults: [{ ...plan.faults[0]!, upstream: evil }],
      },
    },
    verdict: {
      ...verdict(
        [{ ...tooSlow, sentence: evil, why: evil, source: { file: evil, line: 1 } }],
        [{ ...loopDelay, sentence: evil, remedy: evil, id: evil }],
      ),
      scenario: evil,
    },
    evidence: {
      ...whole,
      notes: [{ atMs: 1, code: evil, text: evil }],
      transitions: [{ ...whole.transitions[0]!, cause: evil, upstream: evil }],
    },
  })

  it('stays text', () => {
    expect(hostile).not.toMatch(/<img|<script|<\/script/)
    expect(hostile.match(/<\/style>/g)).toHaveLength(1)
  })

  it('neither turns the page around nor ends it early', () => {
    expect(hostile).not.toMatch(/(?!\n)\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u)
    expect(hostile.endsWith('</html>\n')).toBe(true)
  })

  it('does not make the page large', () => {
    expect(Buffer.byteLength(hostile)).toBeLessThan(400 * 1024)
  })
})
