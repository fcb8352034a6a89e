// Whether each upstream with a fault had requests that the fault could act on.
import { plural } from '../../kernel/wording.ts'
import { countIn, requestsIn } from '../../criteria/measure/scope.ts'
import type { Case } from '../../criteria/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { faultsBegun } from './faults-bit.ts'

export function trafficOnFaults(run: Case): ValidityCheck[] {
  const faults = faultsBegun(run)
  const upstreams = [...new Set(faults.map((fault) => fault.upstream))]
  return upstreams.map((upstream) => {
    const phases = faults.filter((fault) => fault.upstream === upstream).map((fault) => fault.phase)
    const count = countIn(requestsIn(run.evidence, { upstream, phases }))
    return {
      id: `traffic:${upstream}`,
      ok: count > 0,
      sentence: `${plural(count, 'request')} for ${upstream} while it had a fault`,
      measured: count,
      bound: 1,
      unit: 'requests',
      bias: 'blind',
      remedy: count > 0 ? null : `put a route of ${upstream} into load.mix`,
    }
  })
}
