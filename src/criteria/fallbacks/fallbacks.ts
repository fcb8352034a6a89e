// fallbacks('gemini').during('outage').above('90%') .below('5%') .marked() .noOlderThan('60s'): criteria about answers that the upstream
// did not give. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { type UpstreamRef, during, nameOf } from '../writing/notation.ts'
import { above } from './above.ts'
import { below } from './below.ts'
import { marked } from './marked.ts'
import { noOlderThan } from './no-older-than.ts'

export const fallbackCriteria = byKind([above, below, marked, noOlderThan])

const steps = buildersOf(fallbackCriteria)

export type FallbackCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> } & {
  /** Requests due in these phases; without this: in all but warm-up. */
  during(...phases: string[]): FallbackCriteria
}

export function fallbacks(of: UpstreamRef): FallbackCriteria {
  return build(of, [])
}

function build(of: UpstreamRef, phases: readonly string[]): FallbackCriteria {
  const scope = { upstream: nameOf(of), ...during(phases) }
  const bound = Object.entries(steps).map(([name, step]) => [name, step(scope)])
  // Object.fromEntries forgets which step belongs to which name.
  return { ...Object.fromEntries(bound), during: (...names: string[]) => build(of, names) } as FallbackCriteria
}
