// What several criteria and checks ask of one run is worked out once.
import { KeptWith } from '../../kernel/kept-with.ts'
import type { Case } from '../finding/raw-finding.ts'

type Tell<Told> = (run: Case, name: string) => Told

/** The same as `tell`, which works it out from a run that does not change: for each run once, by name of an upstream or a route. */
export function oncePerRun<Told extends object | boolean>(tell: Tell<Told>): Tell<Told> {
  return oncePer((run) => run, tell)
}

/** The same for what traffic alone tells: once for all runs that are said to have the same. */
export function oncePerTraffic<Told extends object | boolean>(tell: Tell<Told>): Tell<Told> {
  return oncePer(trafficOf, tell)
}

/** `run`, which differs from `other` in nothing that `oncePerTraffic` looks at, such as the transitions of breakers. */
export function withTrafficOf(other: Case, run: Case): Case {
  traffics.set(run, trafficOf(other))
  return run
}

const traffics = new KeptWith<Case, object>('traffic')

function trafficOf(run: Case): object {
  let traffic = traffics.get(run)
  if (!traffic) traffics.set(run, (traffic = {}))
  return traffic
}

function oncePer<Told extends object | boolean>(keyOf: (run: Case) => object, tell: Tell<Told>): Tell<Told> {
  const told = new KeptWith<object, Map<string, Told>>(tell.name)
  return (run, name) => {
    const key = keyOf(run)
    let byName = told.get(key)
    if (!byName) told.set(key, (byName = new Map()))
    let known = byName.get(name)
    if (known === undefined) byName.set(name, (known = tell(run, name)))
    return known
  }
}
