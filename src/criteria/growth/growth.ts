// growth().memoryBelow('50MB') .descriptorsBelow(20) .processorBelow('10%'): what the gateway's process needs more at the end of a run than at
// its beginning. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { descriptorGrowth } from './descriptor-growth.ts'
import { memoryGrowth } from './memory-growth.ts'
import { processorGrowth } from './processor-growth.ts'

export const growthCriteria = byKind([memoryGrowth, descriptorGrowth, processorGrowth])

const steps = buildersOf(growthCriteria)

export type GrowthCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> }

/** From one phase to another; without names, from the first to the last that is not warm-up. */
export function growth(between: { from?: string; to?: string } = {}): GrowthCriteria {
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step(between)])) as GrowthCriteria
}
