// All claims that a scenario can make, in one table. A new one is a file beside this one, made with claimType, and its line here.
import type { ClaimData } from '../../plan/plan.ts'
import type { ClaimType } from './claim.ts'
import { isolates } from './isolates.ts'
import { leaksNothing } from './leaks-nothing.ts'
import { recovers } from './recovers.ts'
import { survivesBadNetwork } from './survives-bad-network.ts'
import { survivesOutage } from './survives-outage.ts'
import { survivesSlowness } from './survives-slowness.ts'

/** How scenarios write claims: `claims.survivesOutageOf('gemini', { in: 'outage' })`. */
export const claims = {
  ...survivesOutage.build,
  ...survivesSlowness.build,
  ...survivesBadNetwork.build,
  ...isolates.build,
  ...recovers.build,
  ...leaksNothing.build,
}

const types: readonly ClaimType[] = [survivesOutage, survivesSlowness, survivesBadNetwork, isolates, recovers, leaksNothing]

export const claimKinds = types.map(({ kind }) => kind)

/** What is known of the kind of a claim; undefined where there is no such kind. */
export const claimTypeOf = ({ kind }: ClaimData): ClaimType | undefined => types.find((type) => type.kind === kind)
