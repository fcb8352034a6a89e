// growth().processorBelow('10%'): processor time of the gateway's processes over wall time, where the load of both phases is the same.
import * as z from 'zod'
import { share } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { type Share, parseShare } from '../writing/notation.ts'
import { type Between, between, betweenProblems, betweenWords, judgeGrowth, namedBetween } from './grown.ts'

export const processorGrowth = criterionType({
  kind: 'processor_growth',
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
