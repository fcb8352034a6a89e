// The page of a tuning in a real browser: offline, silent, accessible, and no wider than a phone.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderTuningPage } from '../../src/report/tuning/html/page.ts'
import { component } from '../components.ts'
import { nothingPasses, recommended } from '../report/tuning/tunings.ts'

const program = component('chromium')
const pages = { recommended, 'nothing passes': nothingPasses }

describe.skipIf(!program.available)('tune.html in Chromium', () => {
  let browser: Browser
  let folder: string
  const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatecrash-tuning-'))
    for (const [name, tuned] of Object.entries(pages))
      await writeFile(join(folder, `${name}.html`), renderTuningPage(await tuned(), 'gatecrash tune gemini-outage'))
    browser = await chromium.launch({
      executablePath: program.available ? program.path : '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
    })
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  describe.each([
    { width: 1280, colorScheme: 'light' },
    { width: 360, colorScheme: 'dark' },
  ] as const)('$width wide, $colorScheme', ({ width, colorScheme }) => {
    it.each(Object.keys(pages))('%s: asks for nothing, complains of nothing, is accessible, and fits', async (name) => {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 720 } })
      const address = pathToFileURL(join(folder, `${name}.html`)).href
      const others: string[] = []
      page.on('request', (request) => others.push(request.url()))
      page.on('console', (message) => others.push(message.text()))
      page.on('pageerror', (error) => others.push(error.message))
      await page.goto(address)
      expect(others.filter((what) => what !== address)).toEqual([])
      await page.evaluate(await axe)
      const violations = await page.evaluate<string[]>(
        'axe.run().then(({ violations }) => violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`)))',
      )
      expect(violations).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      await page.close()
    })
  })
})
