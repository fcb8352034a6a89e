// What several criteria and checks ask of one run is worked out once.
import { KeptWith } from '../../kernel/kept-with.ts'
import type { Case } from '../finding/raw-finding.ts'

/** The same as `tell`, which works it out from a run that does not change: for each run once, by name of an upstream or a route. */
export function oncePerRun<Told extends object | boolean>(tell: (run: Case, name: string) => Told): (run: Case, name: string) => Told {
  const told = new KeptWith<Case, Map<string, Told>>(tell.name)
  return (run, name) => {
    let byName = told.get(run)
    if (!byName) told.set(run, (byName = new Map()))
    let known = byName.get(name)
    if (known === undefined) byName.set(name, (known = tell(run, name)))
    return known
  }
}
