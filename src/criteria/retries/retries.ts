// retries('gemini').during('flaky').attemptsAtMost(3) .attemptsReach(3) .spacedAtLeast('100ms') .honourRetryAfter() .notAfter(404): criteria about how the
// gateway tries a request again. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { type UpstreamRef, during, nameOf } from '../writing/notation.ts'
import { attemptsAtMost } from './attempts-at-most.ts'
import { attemptsReach } from './attempts-reach.ts'
import { honourRetryAfter } from './honour-retry-after.ts'
import { notAfter } from './not-after.ts'
import { spacedAtLeast } from './spaced-at-least.ts'

export const retryCriteria = byKind([attemptsAtMost, attemptsReach, spacedAtLeast, honourRetryAfter, notAfter])

const steps = buildersOf(retryCriteria)

export type RetryCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> } & {
  /** Requests due in these phases; without this: in all but warm-up. */
  during(...phases: string[]): RetryCriteria
}

export function retries(of: UpstreamRef): RetryCriteria {
  return build(of, [])
}

function build(of: UpstreamRef, phases: readonly string[]): RetryCriteria {
  const scope = { upstream: nameOf(of), ...during(phases) }
  const bound = Object.entries(steps).map(([name, step]) => [name, step(scope)])
  // Object.fromEntries forgets which step belongs to which name.
  return { ...Object.fromEntries(bound), during: (...names: string[]) => build(of, names) } as RetryCriteria
}
