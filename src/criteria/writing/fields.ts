// Fields that several criteria have, as schemas, and the words that they add to a sentence.
import * as z from 'zod'
import { type Outcome, outcomeNames } from '../../contract/outcome.ts'

/** Names of phases; a request belongs to the phase in which it was due. Absent: all but warm-up. */
const during = z.array(z.string()).min(1).exactOptional()

/** Which requests a criterion about one upstream is about. */
export const ofOne = { upstream: z.string(), during }

/** Which requests a criterion is about. Without an upstream: those for all. */
export const ofAny = { upstream: z.string().exactOptional(), during }

export const spanMs = z.number().nonnegative()
export const quantileLevel = z.number().gt(0, { error: 'must be between 0 and 1' }).lt(1, { error: 'must be between 0 and 1' })
export const outcomes = z.array(z.enum(outcomeNames)).min(1)

export type Scope = { upstream?: string; during?: string[] }

export const named = ({ during: phases = [] }: { during?: readonly string[] }): readonly string[] => phases

export const ofUpstream = (upstream?: string): string => (upstream === undefined ? '' : ` of ${upstream}`)

export const inPhases = (phases?: readonly string[]): string => (phases === undefined ? '' : ` during ${phases.join(' and ')}`)

/** Said only where it is not the default: ok alone. */
export function counting(counted: readonly Outcome[]): string {
  if (counted.length === outcomeNames.length) return ' (whatever the outcome)'
  return counted.length === 1 && counted[0] === 'ok' ? '' : ` (counting ${counted.join(', ')})`
}
