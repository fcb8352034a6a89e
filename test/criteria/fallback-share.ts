// A criterion of a project's own, as the tests of custom criteria find it: by this file and its export.
import * as z from 'zod'
import { defineCriterion } from '../../src/criteria/custom.ts'

export const fallbackShare = defineCriterion(import.meta, {
  name: 'fallbackShare',
  schema: z.strictObject({ upstream: z.string(), during: z.array(z.string()).exactOptional(), below: z.number().gt(0).lt(1) }),
  relation: 'below',
  breaker: 'none',
  upstream: ({ upstream }) => upstream,
  sentence: ({ upstream, below }) => `fewer than ${below * 100} % of answers for ${upstream} are fallbacks`,
  phases: ({ during = [] }) => during,
  needs: ({ below }) => Math.ceil(Math.log(0.05) / Math.log(1 - below)),
  judge({ upstream, during, below }, { plan, evidence }, { windowOf, requestsIn, countIn, judgeRate }) {
    const window = windowOf(plan, during)
    const cells = requestsIn(evidence, { upstream, phases: window.phases })
    const figures = judgeRate(countIn(cells, ['fallback']), countIn(cells), {
      good: 'below',
      limit: below,
      cause: 'not_met',
      what: 'were fallbacks',
    })
    return { ...figures, window }
  },
})

/** It promises a finding, and returns something else. */
export const broken = defineCriterion(import.meta, {
  name: 'broken',
  schema: z.strictObject({}),
  relation: 'below',
  breaker: 'none',
  sentence: () => 'it is broken',
  phases: () => [],
  needs: () => 1,
  judge: () => JSON.parse('{ "result": "maybe" }') as never,
})

export const noCriterion = { name: 'noCriterion' }
