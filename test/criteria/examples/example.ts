// The contract of examples: for each kind of criterion a history that it passes, one for each of its own causes that fails by it, and
// one that leaves it undecided. The table is examples.ts; the compiler demands every kind, every result and every cause.
import type * as z from 'zod'
import type { CriterionKind, criteria } from '../../../src/criteria/criteria.ts'
import type { Untold } from '../../../src/criteria/finding/cause.ts'
import type { Story } from '../../judge/history.ts'

type OwnCause<Kind extends CriterionKind> = Exclude<(typeof criteria)[Kind]['causes'][number], Untold>

interface Example<Kind extends CriterionKind> {
  criterion: z.output<(typeof criteria)[Kind]['schema']>
  pass: Story
  fail: { [Cause in OwnCause<Kind>]: Story }
  /** By cause, one or more. */
  inconclusive: { [Cause in Untold]: Record<Cause, Story> }[Untold]
}

export type Examples<Kind extends CriterionKind = CriterionKind> = { [Each in Kind]: Example<Each> }
