// How long to wait before the next attempt: a curve, its cap, and jitter. Never above the cap, finite for any attempt.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { RetrySettings } from './settings.ts'

export type BackoffSettings = Pick<RetrySettings, 'backoff' | 'base' | 'growth' | 'max' | 'jitter'>

/** The delay without jitter before retry `n`, from 1. */
const curves: Record<BackoffSettings['backoff'], (settings: BackoffSettings, n: number) => Ms> = {
  // 0 × Infinity is NaN: a base of 0 stays 0.
  exponential: ({ base, growth }, n) => (base === 0 ? 0 : base * growth ** (n - 1)),
  linear: ({ base }, n) => base * n,
  constant: ({ base }) => base,
}

/**
 * Jitter spreads out callers that failed together. Full, equal and decorrelated are those of "Exponential Backoff and Jitter"
 * (Marc Brooker, AWS Architecture Blog, 2015). Decorrelated jitter depends on the delay before, not on the curve.
 */
const jitters: Record<BackoffSettings['jitter'], (delay: Ms, draw: number, previous: Ms, base: Ms) => Ms> = {
  full: (delay, draw) => delay * draw,
  equal: (delay, draw) => delay / 2 + (delay / 2) * draw,
  decorrelated: (_delay, draw, previous, base) => base + (Math.max(base, 3 * previous) - base) * draw,
  none: (delay) => delay,
}

/** The delay before retry `n`, from 1. `previous`: the delay before the last retry of the same call; 0 when there was none. */
export function backoffDelay(settings: BackoffSettings, n: number, previous: Ms, random: Pick<Random, 'next'>): Ms {
  const delay = Math.min(settings.max, curves[settings.backoff](settings, n))
  if (settings.jitter === 'none') return delay
  return Math.min(settings.max, jitters[settings.jitter](delay, random.next(), previous || settings.base, settings.base))
}

/** How long all retries of one call can wait together. */
export function longestWaits(settings: RetrySettings): Ms {
  let total = 0
  let previous = 0
  for (let n = 1; n < settings.attempts; n++) total += previous = backoffDelay(settings, n, previous, longest)
  return total
}

/** Every jitter grows with what is drawn. */
const longest: Pick<Random, 'next'> = { next: () => 1 }
