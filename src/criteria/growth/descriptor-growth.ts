// growth().descriptorsBelow(20): open files and sockets of the gateway's processes. A leaked connection is one of them, on either side.
import * as z from 'zod'
import { count, plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { type Between, between, betweenProblems, betweenWords, judgeGrowth, namedBetween } from './grown.ts'

export const descriptorGrowth = criterionType({
  kind: 'descriptor_growth',
  doc: {
    written: 'growth().descriptorsBelow(20)',
    demands: "The gateway's open files and sockets grow by less than the limit.",
    over: { between: 'from one phase to a later one: from the first that is no warm-up to the last, unless they are named' },
    counts: 'Open files and sockets of all processes of the gateway, as /proc tells it.',
    samples: 'a few readings in both phases',
    undecided: 'The gateway was given by URL, or the system has no /proc, or a phase has too few readings.',
  },
  fields: { ...between, below: z.int().min(1) },
  build: {
    /** The fewest open files and sockets of the last phase are more than those of the first by less than this. */
    descriptorsBelow:
      (of: Between) =>
      (below: number): WrittenCriterion =>
        written({ kind: 'descriptor_growth', ...of, below }),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['grown'],
  sentence: ({ below, ...of }) =>
    `the gateway's open files and sockets grow by less than ${plural(below, 'descriptor')}${betweenWords(of)}`,
  phases: namedBetween,
  needs: () => 1,
  check: (of, plan) => betweenProblems(plan, of),
  judge: ({ below, ...of }, run) =>
    judgeGrowth(run, {
      of,
      below,
      unit: 'descriptors',
      cause: 'grown',
      what: 'number of open files and sockets',
      measure: ({ descriptorsMin }) => descriptorsMin,
      words: count,
    }),
})
