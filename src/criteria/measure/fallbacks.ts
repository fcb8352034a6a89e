// Answers that an upstream did not give for their requests, counted for criteria about fallbacks.
import type { KeptAnswers } from '../../evidence/fold/fallbacks.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import { plural } from '../../kernel/wording.ts'
import type { Case } from '../finding/raw-finding.ts'
import type { Scoped } from './scope.ts'
import { unsupportedIn } from './gaps/unsupported-answers.ts'

export interface Fallbacks {
  marked: KeptAnswers
  unmarked: KeptAnswers
  /** Answers that nobody can tell: no fallback by their mark, and no upstream sent them. */
  unbacked: number
}

export function fallbacksIn(run: Case, { upstream, phases }: Scoped & { upstream: string }): Fallbacks {
  const cells = run.evidence.fallbacks.filter((cell) => cell.reaches.includes(upstream) && phases.includes(cell.phase))
  const all = (of: 'marked' | 'unmarked'): KeptAnswers => ({
    count: cells.reduce((total, cell) => total + cell[of].count, 0),
    ages: mergeLatencies(cells.map((cell) => cell[of].ages)),
  })
  const unbacked = cells.reduce((total, cell) => total + cell.unbacked, 0)
  // Attempts that are joined to no request may stand behind some of these, with a body that was changed on its way.
  return { marked: all('marked'), unmarked: all('unmarked'), unbacked: Math.min(unbacked, unsupportedIn(run, upstream, phases)) }
}

/** "got a fallback", and how many of them do not say so. */
export function fallbackText({ unmarked }: Fallbacks): string {
  return unmarked.count === 0 ? 'got a fallback' : `got a fallback (${unmarked.count} not marked as one)`
}

export const unbackedText = (unbacked: number): string =>
  `${plural(unbacked, 'answer')} ended ok though no upstream sent ${unbacked === 1 ? 'it' : 'them'}: a fallback must say so (x-gateway-fallback)`
