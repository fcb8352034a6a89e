// Whether whatever had a fault had requests that the fault could act on.
import { plural } from '../../kernel/wording.ts'
import { countIn, requestsIn } from '../../criteria/measure/scope.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { targetOf } from '../../faults/fault.ts'
import type { ValidityCheck } from '../verdict.ts'
import { placed } from '../remedy/again.ts'
import { faultsBegun } from './faults-bit.ts'

export function trafficOnFaults(run: Case): ValidityCheck[] {
  const faults = faultsBegun(run)
  return [...Map.groupBy(faults, targetOf)].map(([target, own]) => {
    // Every request passes a process of the stage.
    const upstream = own[0]?.upstream
    const phases = own.map((fault) => fault.phase)
    const count = countIn(requestsIn(run.evidence, { ...(upstream !== undefined && { upstream }), phases }))
    return {
      id: `traffic:${target}`,
      ok: count > 0,
      sentence: `${plural(count, 'request')} for ${target} while it had a fault`,
      measured: count,
      bound: 1,
      unit: 'requests',
      bias: 'blind',
      remedy: count > 0 ? null : `put a route of ${target} into the load: edit ${placed(run, 'load.mix')}`,
    }
  })
}
