// Results as people see them: always a glyph and a word, so that colour is never the only code.
import { plural } from '../kernel/wording.ts'
import type { Finding, Verdict } from '../judge/verdict.ts'
import type { Result } from '../criteria/finding/raw-finding.ts'

/** The mark of a row in a verdict table. A near miss is a pass with little margin; a warning did not pass, and decides nothing. */
export type Mark = Result | 'near_miss' | 'warning'

export const marks: Record<Mark, { glyph: string; word: string }> = {
  pass: { glyph: '✓', word: 'pass' },
  near_miss: { glyph: '!', word: 'near miss' },
  warning: { glyph: '▲', word: 'warning' },
  fail: { glyph: '✗', word: 'fail' },
  inconclusive: { glyph: '?', word: 'inconclusive' },
}

export function markOf(finding: Pick<Finding, 'result' | 'severity' | 'nearMiss'>): Mark {
  if (finding.severity === 'warn' && finding.result !== 'pass') return 'warning'
  return finding.result === 'pass' && finding.nearMiss ? 'near_miss' : finding.result
}

/** "1 of 6 failed, 1 inconclusive"; "all 6 passed, 1 warning". */
export function countsSentence({ counts, warnings }: Pick<Verdict, 'counts' | 'warnings'>): string {
  return warnings === 0 ? decidedSentence(counts) : `${decidedSentence(counts)}, ${plural(warnings, 'warning')}`
}

function decidedSentence(counts: Readonly<Record<Result, number>>): string {
  const total = counts.pass + counts.fail + counts.inconclusive
  if (total === 0) return 'no criteria'
  if (counts.pass === total) return total === 1 ? '1 criterion passed' : `all ${total} passed`
  const failed = counts.fail > 0 ? `${counts.fail} of ${total} failed` : ''
  const open = counts.inconclusive > 0 ? `${counts.inconclusive}${failed ? '' : ` of ${total}`} inconclusive` : ''
  return [failed, open].filter(Boolean).join(', ')
}
