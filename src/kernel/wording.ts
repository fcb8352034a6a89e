// Words and figures in findings.
import { formatDuration } from './duration.ts'
import type { Ms } from './clock.ts'

/** 2995 → '2,995'. */
export const grouped = (count: number): string => count.toLocaleString('en-US')

export const plural = (count: number, one: string, many = `${one}s`): string => `${grouped(count)} ${count === 1 ? one : many}`

/** A moment on the plan's axis: 'at 13.2s'. */
export const atTime = (at: Ms): string => `at ${formatDuration(at)}`

/** ' The run needs about 995 more requests.' as the end of a sentence; empty where no number would help. */
export const needsText = (needsMore: number | undefined): string =>
  needsMore === undefined ? '; too close to the limit to say how many would decide it' : `; needs about ${grouped(needsMore)} more`
