// Defects of fallbacks.
import { type Sabotage, edited, mutant } from './sabotage.ts'

const ANSWER = 'src/gateway/request/client-answer.ts'
const MARK = "if (source !== 'upstream') headers.push(marks.fallback, source, marks.fallbackReason, reason)"

export const fallbacks: readonly Sabotage[] = [
  edited('M48', 'kept answers are not marked', ANSWER, MARK, 'void reason', {
    scenario: 'gemini-outage',
    expect: ['contradiction', 'fallback_unmarked', 'too_many_errors'],
    visibleIn: 'traffic',
  }),
  mutant('M49', { scenario: 'gemini-outage', expect: ['never_opened'], visibleIn: 'traffic' }),
]
