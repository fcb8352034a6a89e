// operations('episode').conserved(…): what becomes of the long operations that a route of the load asks the gateway for. A new one is a file
// here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { operationsConserved } from './conserved.ts'

export const operationCriteria = byKind([operationsConserved])

const steps = buildersOf(operationCriteria)

export type OperationCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> }

/** `route`: its name in the load. */
export function operations(route: string): OperationCriteria {
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step(route)])) as OperationCriteria
}
