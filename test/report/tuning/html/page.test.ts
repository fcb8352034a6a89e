import { describe, expect, it } from 'vitest'
import { renderTuningPage } from '../../../../src/report/tuning/html/page.ts'
import { failed } from '../../../tuning/trial-results.ts'
import { nothingPasses, recommended, tuning } from '../tunings.ts'

describe('tune.html', () => {
  it('shows present and recommended settings, cliffs, a map for each pair and the front', async () => {
    const page = renderTuningPage(await recommended(), 'gatecrash tune x')
    for (const id of ['settings', 'live', 'cliffs', 'maps', 'front', 'again']) expect(page).toContain(`<section id="${id}">`)
    expect(page.match(/aria-label="Map of /g)).toHaveLength(3)
    expect(page).toContain('The simulation is wrong about this:')
  })

  it('says of each cell what it is where columns do not fit', async () => {
    const page = renderTuningPage(await recommended(), 'gatecrash tune x')
    for (const table of page.match(/<table.*?<\/table>/gs) ?? []) {
      expect(table).toMatch(/^<table class="tiles">/)
      expect(table.match(/<td(?![^>]*(?:data-label|bare))/g)).toBeNull()
    }
    expect(page).toContain('each is better in something. The')
  })

  it('is the same for the same tuning, and asks for nothing', async () => {
    const page = renderTuningPage(await recommended(), 'gatecrash tune x')
    expect(renderTuningPage(await recommended(), 'gatecrash tune x')).toBe(page)
    expect(page).not.toMatch(/<script|src=|https?:\/\/(?!www\.w3\.org)/)
  })

  it('names what stands in the way where nothing passes, and draws no cliffs', async () => {
    const page = renderTuningPage(await nothingPasses(), 'gatecrash tune x')
    expect(page).toContain('NO SETTING PASSES')
    expect(page).toContain('p95 of gemini is below 1ms')
    expect(page).not.toContain('<section id="cliffs">')
  })

  it('shows text from scenarios as text', async () => {
    const page = renderTuningPage(await tuning(() => failed('</style><script>alert(1)</script>')), '</code><script>')
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;script>')
  })
})
