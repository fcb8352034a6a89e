// Attempts that are joined to no request: they carry no client's id, and more than one request of their kind was under way.
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Plan } from '../../../plan/plan.ts'
import { type Scoped, arrivalsIn, attemptsIn } from '../scope.ts'

/** Which attempts are counted: by their method. */
type Methods = (method: string) => boolean

/** How many there are in the scope; 0 when all attempts of the run are joined. */
export function unjoinedIn({ plan, evidence }: { plan: Plan; evidence: Evidence }, scope: Scoped, counts: Methods = () => true): number {
  // An attempt without an id is counted in the phase in which it arrived, which may be the one after its request's.
  const whole = { ...scope, phases: plan.phases.map(({ name }) => name) }
  return unjoined(plan, evidence, whole, counts) === 0 ? 0 : unjoined(plan, evidence, scope, counts)
}

/** For a finding that lacks them: what to do, and that no attempt at all carried a client's id. One that some carry is not lacked, but lost. */
export function lackOfIds(
  { evidence }: { evidence: Evidence },
  { upstream }: { upstream: string },
): { absent?: 'requestIds'; remedy: string } {
  const remedy = `pass the header x-request-id on to ${upstream}`
  const arrived = evidence.arrivals.filter((cell) => cell.upstream === upstream)
  // The first arrival of each known request is counted there.
  return arrived.length > 0 && arrived.every(({ byAttempt }) => (byAttempt[1] ?? 0) === 0) ? { absent: 'requestIds', remedy } : { remedy }
}

function unjoined(plan: Plan, evidence: Evidence, scope: Scoped, counts: Methods): number {
  const methods = new Map(plan.load.mix.map(({ route, method }) => [route, method]))
  const anonymous = arrivalsIn(evidence, scope)
    .filter(({ method }) => counts(method))
    .reduce((total, { byAttempt }) => total + (byAttempt[0] ?? 0), 0)
  if (anonymous === 0) return 0
  const joined = attemptsIn(evidence, scope)
    .filter(({ route }) => counts(methods.get(route) ?? ''))
    .reduce((total, { byTime }) => total + byTime, 0)
  return Math.max(0, anonymous - joined)
}
