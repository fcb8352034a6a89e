// The palette is recomputed from the page itself: a colour changed by taste must still be legible.
import { describe, expect, it } from 'vitest'
import { styleSheet } from '../../src/report/html/style-sheet.ts'

const palettes = [...styleSheet.matchAll(/color-scheme: (light|dark);[^}]*/g)].map(([block, name]) => ({
  name: name!,
  colours: Object.fromEntries([...block.matchAll(/--([\w-]+): (#[\da-f]{6})/g)].map(([, token, colour]) => [token!, colour!])),
}))

/** WCAG 2.2 contrast ratio of two #rrggbb colours. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (high! + 0.05) / (low! + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

it('has a light and a dark palette with the same roles', () => {
  expect(palettes.map(({ name }) => name)).toEqual(['light', 'dark'])
  expect(Object.keys(palettes[1]!.colours)).toEqual(Object.keys(palettes[0]!.colours))
})

describe.each(palettes)('$name', ({ colours }) => {
  const on = (foreground: string, background: string): number => contrast(colours[foreground]!, colours[background]!)

  it.each(['ink', 'muted', 'good', 'caution-text', 'bad', 'p50-text', 'p95', 'p99', 'offered', 'attempts-text'])(
    '%s reads as text on the page',
    (role) => expect(on(role, 'page')).toBeGreaterThanOrEqual(4.5),
  )

  it.each(['good', 'bad', 'unknown'])('the badge reads on %s', (role) => expect(on(`on-${role}`, role)).toBeGreaterThanOrEqual(4.5))

  it.each(['good', 'caution', 'bad', 'unknown', 'attempts', 'p95'])('%s stands out as a mark on the page', (role) =>
    expect(on(role, 'page')).toBeGreaterThanOrEqual(3),
  )

  it('text keeps its contrast on tinted ground', () => {
    expect(on('ink', 'unknown-pale')).toBeGreaterThanOrEqual(4.5)
    expect(on('good', 'good-pale')).toBeGreaterThanOrEqual(4.5)
    expect(on('muted', 'raised')).toBeGreaterThanOrEqual(4.5)
  })
})
