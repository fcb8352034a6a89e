// saturation().throughputAbove(100) .shedsRatherThanCollapses({ servedWithin: '1s' }): how the gateway does while connections ask as fast as
// they are answered. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { sheds } from './sheds.ts'
import { throughput } from './throughput.ts'

export const saturationCriteria = byKind([throughput, sheds])

const steps = buildersOf(saturationCriteria)

export type SaturationCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> } & {
  /** Only these phases; without names, all that are saturated. */
  during(...phases: string[]): SaturationCriteria
}

export function saturation(phases: readonly string[] = []): SaturationCriteria {
  // Object.fromEntries forgets which step belongs to which name.
  const bound = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step(phases)])) as Omit<SaturationCriteria, 'during'>
  return { ...bound, during: (...names) => saturation(names) }
}
