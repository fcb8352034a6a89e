// growth().processorBelow('10%'): processor time of the gateway's processes over wall time, where the load of both phases is the same.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { type Share, parseShare } from '../writing/notation.ts'
import { type Between, between, betweenProblems, betweenWords, judgeGrowth, namedBetween } from './grown.ts'

export const processorGrowth = criterionType({
  kind: 'processor_growth',
  doc: {
    written: "growth().processorBelow('10%')",
    demands: 'The processor time that the gateway needs for the same load grows by less than the limit.',
    over: { between: 'from one phase to a later one: from the first that is no warm-up to the last, unless they are named' },
    counts: 'Processor time of all processes of the gateway over wall time, as /proc tells it.',
    samples: 'a few readings in both phases',
    undecided: 'The gateway was given by URL, or the system has no /proc, or a phase has too few readings.',
  },
  fields: { ...between, below: z.number().positive() },
  build: {
    /** The mean of the last phase is above that of the first by less than this share of one core: '10%', or a number. */
    processorBelow:
      (of: Between) =>
      (limit: Share): WrittenCriterion =>
        written({ kind: 'processor_growth', ...of, below: parseShare(limit) }),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['grown'],
  sentence: ({ below, ...of }) => `the gateway's processor time grows by less than ${share(below)} of a core${betweenWords(of)}`,
  phases: namedBetween,
  needs: () => 1,
  check: (of, plan) => betweenProblems(plan, of),
  judge: ({ below, ...of }, run) =>
    judgeGrowth(run, {
      of,
      below,
      unit: 'ratio',
      cause: 'grown',
      what: 'processor time',
      measure: ({ cpuMean }) => cpuMean,
      words: share,
    }),
})
