// Defects of bulkheads.
import { scenarioHere } from './scenarios.ts'
import { type Sabotage, edited, mutant } from './sabotage.ts'

const crowded = scenarioHere('crowded')

export const limits: readonly Sabotage[] = [
  mutant('M20', { scenario: crowded, expect: ['unexpected_transition'], visibleIn: 'traffic' }),
  mutant('M41', { scenario: crowded, expect: ['too_many_at_once'], visibleIn: 'traffic' }),
  edited(
    'M40',
    'slots leak',
    'src/policies/limits/bulkhead.ts',
    '    call.granted = false\n    this.release()',
    '    call.granted = false',
    {
      scenario: crowded,
      expect: ['too_little_goodput'],
      visibleIn: 'traffic',
    },
  ),
]
