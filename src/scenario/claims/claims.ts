// All claims that a scenario can make, in one table. A new one is a file beside this one, made with claimType, and its line here.
import type { ClaimData } from '../../plan/plan.ts'
import type { ClaimType } from './claim.ts'
import { isolates } from './isolates.ts'
import { leaksNothing } from './leaks-nothing.ts'
import { recovers } from './recovers.ts'
import { survivesBadNetwork } from './survives-bad-network.ts'
import { survivesOutage } from './survives-outage.ts'
import { survivesSlowness } from './survives-slowness.ts'

const types = [survivesOutage, survivesSlowness, survivesBadNetwork, isolates, recovers, leaksNothing] as const

type Merged<Union> = (Union extends unknown ? (member: Union) => void : never) extends (member: infer All) => void ? All : never

/** How scenarios write claims: `claims.survivesOutageOf('gemini', { in: 'outage' })`. */
// Object.assign forgets its sources' types when these come from a list.
export const claims = Object.assign({}, ...types.map(({ build }) => build)) as Merged<(typeof types)[number]['build']>

const byKind: ReadonlyMap<string, ClaimType> = new Map(types.map((type) => [type.kind, type]))

export const claimKinds = [...byKind.keys()]

export const claimTypes: readonly ClaimType[] = types

/** What is known of the kind of a claim; undefined where there is no such kind. */
export const claimTypeOf = ({ kind }: ClaimData): ClaimType | undefined => byKind.get(kind)
