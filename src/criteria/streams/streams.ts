// streams('gemini').firstEventWithin(…) .gapsBelow(…) .whole() .failoverBeforeFirstEvent(): criteria about answers that are streams of
// events, of routes that one upstream or several answer. A new one is a file here and its line in the table.
import { buildersOf, byKind } from '../criterion-type.ts'
import { type UpstreamRef, nameOf } from '../writing/notation.ts'
import { failoverBeforeFirstEvent } from './failover-before-first-event.ts'
import { firstEventWithin } from './first-event-within.ts'
import { gapsBelow } from './gaps-below.ts'
import type { StreamScope } from './streams-in.ts'
import { whole } from './whole.ts'

export const streamCriteria = byKind([firstEventWithin, gapsBelow, whole, failoverBeforeFirstEvent])

const steps = buildersOf(streamCriteria)

export type StreamCriteria = { [Step in keyof typeof steps]: ReturnType<(typeof steps)[Step]> } & {
  during(...phases: string[]): StreamCriteria
}

export function streams(of: UpstreamRef): StreamCriteria {
  return scoped({ upstream: nameOf(of) })
}

function scoped(scope: StreamScope): StreamCriteria {
  const written = Object.entries(steps).map(([name, step]) => [name, step(scope)] as const)
  const during = (...phases: string[]): StreamCriteria => scoped({ ...scope, during: phases })
  // Object.fromEntries forgets which step belongs to which name.
  return Object.fromEntries([...written, ['during', during]])
}
