// Defects of fallbacks.
import { type Sabotage, mutant } from './sabotage.ts'

const ANSWER = 'src/gateway/request/client-answer.ts'
const MARK = "if (source !== 'upstream') headers.push(marks.fallback, source, marks.fallbackReason, reason)"

export const fallbacks: readonly Sabotage[] = [
  {
    id: 'M48',
    title: 'kept answers are told as new ones',
    change: {
      edits: [
        { file: ANSWER, find: MARK, put: 'void reason' },
        { file: ANSWER, find: 'marks.outcome, outcome, marks.attempts', put: "marks.outcome, 'ok', marks.attempts" },
      ],
    },
    scenario: 'gemini-outage',
    expect: ['fallback_unmarked'],
    visibleIn: 'traffic',
  },
  mutant('M49', { scenario: 'gemini-outage', expect: ['never_opened'], visibleIn: 'traffic' }),
]
