// Which phases count where none is named.
import type { PlannedPhase } from './plan.ts'

/** Neither warm-up nor saturated. */
export const isJudged = ({ warmUp, saturation }: PlannedPhase): boolean => !warmUp && !saturation
