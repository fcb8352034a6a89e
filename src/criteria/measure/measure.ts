// What a project's own criterion measures with: the same functions that the built-in ones use.
import { judgeQuantile } from './statistics/quantile.ts'
import { judgeRate } from './statistics/rate.ts'
import { samplesFor } from './statistics/sample-size.ts'
import { arrivalsIn, countIn, latenciesIn, requestsIn, windowOf } from './scope.ts'

export const measure = { arrivalsIn, countIn, judgeQuantile, judgeRate, latenciesIn, requestsIn, samplesFor, windowOf } as const

export type Measure = typeof measure
