// Defects of bulkheads.
import { scenarioHere } from './scenarios.ts'
import { type Sabotage, edited, mutant } from './sabotage.ts'

const BULKHEAD = 'src/policies/limits/bulkhead.ts'
const RELEASE = '  release(): void {\n'
const crowded = scenarioHere('crowded')

export const limits: readonly Sabotage[] = [
  edited(
    'S01',
    'a full bulkhead lets everybody wait',
    'src/policies/limits/bulkhead.ts',
    '    if (this.#queue.size >= this.#queueLimit) return undefined\n',
    '',
    {
      scenario: 'saturation',
      expect: ['collapsed'],
      visibleIn: 'traffic',
    },
  ),
  mutant('M20', { scenario: crowded, expect: ['unexpected_transition'], visibleIn: 'traffic' }),
  edited(
    'M40',
    'one place in twenty is never given back',
    BULKHEAD,
    RELEASE,
    '  release(): void {\n    if (Math.random() < 0.05) return\n',
    {
      scenario: crowded,
      // It says closed, and nothing passes.
      expect: ['contradiction', 'too_little_goodput'],
      visibleIn: 'traffic',
    },
  ),
  edited(
    'M41',
    'one place in five is given back twice',
    BULKHEAD,
    RELEASE,
    '  release(): void {\n    if (Math.random() < 0.2) this.#inUse--\n',
    {
      scenario: crowded,
      expect: ['too_many_at_once'],
      visibleIn: 'traffic',
    },
  ),
]
