// growth().memoryBelow('50MB'): resident memory of the gateway's processes.
import * as z from 'zod'
import { bytes } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { type Size, parseSize } from '../writing/notation.ts'
import { type Between, between, betweenProblems, betweenWords, judgeGrowth, namedBetween } from './grown.ts'

export const memoryGrowth = criterionType({
  kind: 'memory_growth',
  doc: {
    written: "growth().memoryBelow('50MB')",
    demands: "The gateway's resident memory grows by less than the limit.",
    over: { between: 'from one phase to a later one: from the first that is no warm-up to the last, unless they are named' },
    counts: 'Resident memory of all processes of the gateway, as /proc tells it.',
    samples: 'a few readings in both phases',
    undecided: 'The gateway was given by URL, or the system has no /proc, or a phase has too few readings.',
  },
  fields: { ...between, belowBytes: z.number().positive() },
  build: {
    /** The lowest memory of the last phase is above that of the first by less than this: '50MB', or a number of bytes. */
    memoryBelow:
      (of: Between) =>
      (limit: Size): WrittenCriterion =>
        written({ kind: 'memory_growth', ...of, belowBytes: parseSize(limit) }),
  },
  relation: 'below',
  breaker: 'none',
  causes: ['grown'],
  sentence: ({ belowBytes, ...of }) => `the gateway's memory grows by less than ${bytes(belowBytes)}${betweenWords(of)}`,
  phases: namedBetween,
  needs: () => 1,
  check: (of, plan) => betweenProblems(plan, of),
  judge: ({ belowBytes, ...of }, run) =>
    judgeGrowth(run, {
      of,
      below: belowBytes,
      unit: 'bytes',
      cause: 'grown',
      what: 'memory',
      measure: ({ rssMinBytes }) => rssMinBytes,
      words: bytes,
    }),
})
