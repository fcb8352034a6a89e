import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { backoffDelay, type BackoffSettings, longestWaits } from '../../../src/policies/retry/backoff.ts'
import { retrySettings } from '../../../src/policies/retry/settings.ts'

const PLAIN: BackoffSettings = { backoff: 'constant', base: 1000, growth: 2, max: 1000, jitter: 'none' }
const JITTERS = ['full', 'equal', 'decorrelated', 'none'] as const

function draws(settings: Partial<BackoffSettings>, previous = 0): number[] {
  const random = seededRandom(11)
  return Array.from({ length: 10_000 }, () => backoffDelay({ ...PLAIN, ...settings }, 1, previous, random))
}
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('jitter', () => {
  it('R04 full: anywhere up to the delay', () => {
    const delays = draws({ jitter: 'full' })
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delays)).toBeLessThanOrEqual(1000)
    expect(Math.abs(mean(delays) - 500)).toBeLessThan(15)
  })

  it('R04 equal: the upper half', () => {
    const delays = draws({ jitter: 'equal' })
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(500)
    expect(Math.max(...delays)).toBeLessThanOrEqual(1000)
    expect(Math.abs(mean(delays) - 750)).toBeLessThan(15)
  })

  it('R04 decorrelated: between the base and three times the delay before', () => {
    const delays = draws({ jitter: 'decorrelated', base: 100 }, 300)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...delays)).toBeLessThanOrEqual(900)
    expect(Math.abs(mean(delays) - 500)).toBeLessThan(15)
    expect(Math.max(...draws({ jitter: 'decorrelated', base: 100 }, 900))).toBe(1000)
  })

  it('R04 decorrelated begins from the base', () => {
    const delays = draws({ jitter: 'decorrelated', base: 100 })
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...delays)).toBeLessThanOrEqual(300)
  })

  it.each(JITTERS)('R05 %s: finite and within the cap for any attempt', (jitter) => {
    const random = seededRandom(3)
    for (const backoff of ['exponential', 'linear', 'constant'] as const)
      for (const base of [0, 100]) {
        let previous = 0
        for (let attempt = 0; attempt <= 2000; attempt++) {
          previous = backoffDelay({ backoff, base, growth: 2, max: 1000, jitter }, attempt, previous, random)
          expect(previous >= 0 && previous <= 1000, `${backoff} ${base} ${attempt}: ${previous}`).toBe(true)
        }
      }
  })
})

it.each(JITTERS)('%s: all waits of a call are never longer than said, and can be nearly so long', (jitter) => {
  const settings = retrySettings.parse({ attempts: 4, base: '100ms', max: '1s', jitter })
  const random = seededRandom(5)
  const longest = longestWaits(settings)
  let seen = 0
  for (let call = 0; call < 10_000; call++) {
    const first = backoffDelay(settings, 1, 0, random)
    const second = backoffDelay(settings, 2, first, random)
    seen = Math.max(seen, first + second + backoffDelay(settings, 3, second, random))
  }
  expect(longest).toBe({ full: 700, equal: 700, none: 700, decorrelated: 300 + 900 + 1000 }[jitter])
  expect(seen).toBeLessThanOrEqual(longest)
  expect(seen).toBeGreaterThan(0.85 * longest)
})
