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

  it('gives each of few whole numbers a field of its own, in which the marks stand', async () => {
    const page = renderTuningPage(await recommended(), 'gatecrash tune x')
    const [, attempts] = page.split('aria-label="Map of ').slice(1)
    expect(attempts).toMatch(/^gemini\.retry\.attempts against gemini\.breaker\.failures/)
    // Six numbers of attempts in 300 units.
    expect(new Set([...attempts!.matchAll(/class="map-field[^>]* height="([^"]+)"/g)].map(([, height]) => height))).toEqual(new Set(['50']))
    const tops = [...attempts!.matchAll(/class="map-field[^>]* y="([^"]+)"/g)].map(([, y]) => Number(y))
    // A diamond's path begins 8 units above its middle.
    const middle = Number(/class="mark recommended" d="M\S+ ([\d.]+)l/.exec(attempts!)![1]) + 8
    expect(tops.map((top) => top + 25)).toContain(middle)
  })

  it('says at once that the search ended early, and that one candidate alone is best in everything', async () => {
    const tuned = { ...(await recommended()), ended: 'interrupted' as const }
    const page = renderTuningPage({ ...tuned, front: tuned.front.slice(0, 1) }, 'gatecrash tune x')
    expect(page.indexOf('The search ended early: it was interrupted')).toBeLessThan(page.indexOf('Cliffs are the nearest'))
    expect(page).toContain('this candidate is best in all of them')
  })

  it('shows text from scenarios as text', async () => {
    const page = renderTuningPage(await tuning(() => failed('</style><script>alert(1)</script>')), '</code><script>')
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;script>')
  })
})
