// The report in a real browser: offline, silent, accessible, and no wider than a phone.
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/page.ts'
import { component } from '../components.ts'
import { evidence, plan, record } from '../report/reference-run.ts'
import { failing, passing, tooSlow, undecided, verdict } from '../report/verdicts.ts'

const program = component('chromium')
const evil = `</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\u202E\0${'W'.repeat(1_000_000)}`
const whole = evidence()
const hostilePlan = { ...plan, story: evil, phases: [{ ...plan.phases[1]!, name: evil }], faults: [{ ...plan.faults[0]!, upstream: evil }] }
/** Names that fill their blocks nearly: none fits much better in the next wider one. */
const narrow = {
  ...plan,
  phases: Array.from({ length: 12 }, (_, at) => ({
    name: 'warm-up, warm-up'.slice(0, 5 + at),
    startMs: (at * plan.durationMs) / 12,
    endMs: ((at + 1) * plan.durationMs) / 12,
    warmUp: at === 0,
    expected: 0,
  })),
}

const runs = {
  failing: { record, evidence: whole, verdict: failing },
  passing: { record, evidence: whole, verdict: passing },
  interrupted: { record, evidence: evidence({ stopAtMs: 31_500 }), verdict: undecided },
  'without requests': { record, evidence: evidence({ requests: false, breakerEvents: false }), verdict: undecided },
  'narrow phases': { record: { ...record, plan: narrow }, evidence: whole, verdict: failing },
  hostile: {
    record: { ...record, command: evil, plan: hostilePlan },
    evidence: whole,
    verdict: { ...verdict([{ ...tooSlow, sentence: evil, why: evil, source: { file: evil, line: 1 } }]), scenario: evil },
  },
}
const names = Object.keys(runs) as (keyof typeof runs)[]
const views = [
  { name: 'light', width: 1280, colorScheme: 'light' },
  { name: 'dark', width: 1280, colorScheme: 'dark' },
  { name: 'narrow', width: 360, colorScheme: 'light' },
  { name: 'narrow and dark', width: 360, colorScheme: 'dark' },
] as const

describe.skipIf(!program.available)('report.html in Chromium', () => {
  let browser: Browser
  let folder: string
  const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatecrash-report-'))
    for (const name of names) await writeFile(join(folder, `${name}.html`), renderHtml(runs[name]))
    browser = await chromium.launch({
      executablePath: program.available ? program.path : '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Opens a report, and notes what it asked for and complained about. */
  async function open(name: string, options: { width: number; colorScheme: 'light' | 'dark'; javaScriptEnabled?: boolean }) {
    const { width, ...context } = options
    const page = await browser.newPage({ ...context, viewport: { width, height: 720 } })
    const requests: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    const address = pathToFileURL(join(folder, `${name}.html`)).href
    await page.goto(address)
    return {
      page,
      complaints,
      others: () => requests.filter((url) => url !== address && !url.startsWith('data:')),
      [Symbol.asyncDispose]: () => page.close(),
    }
  }

  /** Ids of the rules that are broken, with the elements that break them. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(await axe)
    return page.evaluate<string[]>(
      'axe.run().then(({ violations }) => violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`)))',
    )
  }

  describe.each(views)('$name', (view) => {
    it.each(names)('a run %s asks for nothing, complains of nothing, and is accessible', async (name) => {
      await using report = await open(name, view)
      expect(report.others()).toEqual([])
      expect(report.complaints).toEqual([])
      expect(await violations(report.page)).toEqual([])
    })

    it.each(names)('a run %s never makes the page wider than the window', async (name) => {
      await using report = await open(name, view)
      await report.page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true })')
      expect(await report.page.evaluate('document.documentElement.scrollWidth')).toBe(view.width)
    })
  })

  it('shows the verdict, the table and the strip without JavaScript', async () => {
    await using report = await open('failing', { width: 1280, colorScheme: 'light', javaScriptEnabled: false })
    expect(await report.page.title()).toMatch(/^FAIL gemini-outage/)
    for (const part of ['h1', '#why', 'tr#C1', '#incident .plot >> nth=0', '#phases', '#transitions', '#validity', '#reproduce'])
      expect(await report.page.locator(part).isVisible(), part).toBe(true)
  })

  it('fits the strip on one screen', async () => {
    await using report = await open('failing', { width: 1280, colorScheme: 'light' })
    const box = await report.page.locator('.strip').first().boundingBox()
    expect(box?.height).toBeGreaterThan(400)
    expect(box?.height).toBeLessThanOrEqual(620)
  })

  it('lines up every row of the strip on one time axis', async () => {
    await using report = await open('failing', { width: 1280, colorScheme: 'light' })
    const edges = await report.page.evaluate<string[]>(
      '[...document.querySelectorAll(".strip .plot")].map((plot) => plot.getBoundingClientRect()).map((box) => `${box.left} ${box.right}`)',
    )
    expect(edges.length).toBeGreaterThan(7)
    expect(new Set(edges).size).toBe(1)
  })

  it('gives a half-open breaker at least 6 px on a phone', async () => {
    await using report = await open('failing', { width: 360, colorScheme: 'light' })
    const widths = await report.page.evaluate<number[]>(
      '[...document.querySelectorAll(".breaker.half_open")].map((bar) => bar.getBoundingClientRect().width)',
    )
    expect(widths).toHaveLength(3)
    for (const width of widths) expect(width).toBeGreaterThanOrEqual(6)
  })

  it('shows the values of an interval under the pointer, and under a cursor that the arrow keys move, without JavaScript', async () => {
    await using report = await open('failing', { width: 1280, colorScheme: 'light', javaScriptEnabled: false })
    const { page } = report
    const seen = async (): Promise<string[]> => {
      const all = page.locator('.cursor label > span')
      const clips = await all.evaluateAll((spans) => spans.map((span) => [getComputedStyle(span).clipPath, span.textContent] as const))
      return clips.filter(([clip]) => clip === 'none').map(([, text]) => text)
    }
    expect(await seen()).toEqual([])
    await page.locator('.cursor').scrollIntoViewIfNeeded()
    const box = (await page.locator('.cursor').boundingBox())!
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    expect(await seen()).toEqual([expect.stringMatching(/^24\.\d\d s to 24\.\d\d s outage, F1 on, gemini OPEN/)])
    await page.mouse.move(1, 1)
    await page.locator('.cursor input').first().focus()
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
    expect(await seen()).toEqual([expect.stringMatching(/^0\.75 s to 1\.00 s warm-up/)])
  })

  it('scrolls the strip in its own region on a phone, with the names staying in sight', async () => {
    await using report = await open('failing', { width: 360, colorScheme: 'light' })
    await report.page.evaluate('document.querySelector(".strip").scrollLeft = 300')
    const left = await report.page.evaluate<number>('document.querySelector(".strip .gutter").getBoundingClientRect().left')
    expect(await report.page.evaluate('document.querySelector(".strip").scrollLeft')).toBe(300)
    expect(left).toBeGreaterThanOrEqual(0)
  })

  it.each([
    { width: 1280, media: 'screen' },
    { width: 360, media: 'screen' },
    { width: 703, media: 'print' },
  ] as const)('cuts no name of a phase, a breaker or a criterion: $media, $width px', async ({ width, media }) => {
    await using report = await open('narrow phases', { width, colorScheme: 'light' })
    await report.page.emulateMedia({ media })
    const cut = `[
      ...[...document.querySelectorAll('svg.plot svg > text')].map((text) => [text, text.closest('svg')]),
      ...[...document.querySelectorAll('a.span.inside > span')].map((text) => [text, text.parentElement]),
    ].filter(([text, box]) => text.getBoundingClientRect().right > box.getBoundingClientRect().right).map(([text]) => text.textContent.trim())`
    expect(await report.page.evaluate(cut)).toEqual([])
    expect(await report.page.locator('svg.phase > text').allTextContents()).not.toContain('')
  })

  it('marks the criterion that a link points to', async () => {
    await using report = await open('failing', { width: 1280, colorScheme: 'light' })
    await report.page.evaluate('location.hash = "#C6"')
    expect(await report.page.locator('tr:target').getAttribute('id')).toBe('C6')
  })

  it('prints in light, whatever the screen is, on pages that nothing overflows', async () => {
    await using report = await open('failing', { width: 703, colorScheme: 'dark' })
    await report.page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await report.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await report.page.evaluate('document.documentElement.scrollWidth')).toBe(703)
    expect(await violations(report.page)).toEqual([])
    const pages = (await report.page.pdf({ format: 'A4', printBackground: true })).toString('latin1').match(/\/Type \/Page\b(?!s)/g)
    expect(pages?.length).toBeGreaterThan(1)
    expect(pages?.length).toBeLessThan(8)
  })
})
