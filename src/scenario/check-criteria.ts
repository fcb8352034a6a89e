// Criteria against the plan: every name exists, and every one of them can be decided by the load that is planned.
import { count, span } from '../kernel/wording.ts'
import type { Problem } from '../kernel/errors.ts'
import { plannedRequests } from '../plan/plan-index.ts'
import { suggest } from '../kernel/validation.ts'
import { type Criterion, knownCriterion } from '../criteria/criterion.ts'
import { describeCriterion } from '../criteria/criterion-text.ts'
import type { Plan, PlannedPhase } from '../plan/plan.ts'
import { minimumSamples } from '../criteria/sample-size.ts'

export function checkCriteria(plan: Plan, problems: Problem[]): void {
  if (plan.criteria.length === 0)
    problems.push({ path: 'criteria', message: 'there must be at least one: a run that demands nothing proves nothing' })
  for (const [at, planned] of plan.criteria.entries()) {
    const criterion = knownCriterion(planned.criterion)
    const path = `criteria[${at}]`
    const before = problems.length
    checkNames(plan, criterion, path, problems)
    if (problems.length > before) continue
    checkBreaker(plan, criterion, path, problems)
    checkBounds(plan, criterion, path, problems)
    if (problems.length === before) checkSamples(plan, criterion, path, problems)
  }
}

function checkNames(plan: Plan, criterion: Criterion, path: string, problems: Problem[]): void {
  const upstreams = Object.keys(plan.upstreams)
  const phases = plan.phases.map(({ name }) => name)
  const { upstream } = criterion
  if (upstream !== undefined && !upstreams.includes(upstream))
    problems.push({ path: `${path}.upstream`, message: `unknown upstream "${upstream}"${suggest(upstream, upstreams)}` })
  for (const name of phasesNamed(criterion))
    if (!phases.includes(name)) problems.push({ path: `${path}.during`, message: `unknown phase "${name}"${suggest(name, phases)}` })
}

function phasesNamed(criterion: Criterion): string[] {
  if (criterion.kind === 'opens_within' || criterion.kind === 'closes_within') return [criterion.phase]
  if (criterion.kind === 'unharmed') return [criterion.comparedWith]
  return 'during' in criterion ? (criterion.during ?? []) : []
}

function checkBreaker(plan: Plan, criterion: Criterion, path: string, problems: Problem[]): void {
  const about = ['transitions', 'opens_within', 'closes_within', 'stays_closed', 'fast_fail']
  if (!about.includes(criterion.kind) || criterion.upstream === undefined) return
  if (!plan.gateway.upstreams[criterion.upstream]?.breaker)
    problems.push({ path, message: `"${criterion.upstream}" has no breaker; give it one in \`gateway\`, or drop the criterion` })
  if (criterion.kind !== 'opens_within' && criterion.kind !== 'closes_within') return
  if (!plan.faults.some((fault) => fault.phase === criterion.phase))
    problems.push({ path: `${path}.phase`, message: `phase "${criterion.phase}" has no fault to measure from` })
}

function checkBounds(plan: Plan, criterion: Criterion, path: string, problems: Problem[]): void {
  const share = criterion.kind === 'error_rate' ? criterion.below : criterion.kind === 'goodput' ? criterion.above : undefined
  if (share !== undefined && !(share > 0 && share < 1))
    problems.push({
      path,
      message: `a bound of ${share * 100} % can never be proved by counting; choose one strictly between 0 % and 100 %`,
    })
  if ('quantile' in criterion && !(criterion.quantile > 0 && criterion.quantile < 1))
    problems.push({ path: `${path}.quantile`, message: `must be between 0 and 1, got ${criterion.quantile}` })
  if (criterion.kind === 'latency' && criterion.belowMs > plan.load.timeoutMs)
    problems.push({
      path,
      message: `cannot fail: requests are given up after ${span(plan.load.timeoutMs)}; set \`load.timeout\` above ${span(criterion.belowMs)}`,
    })
  if ('belowMs' in criterion && criterion.belowMs <= 0) problems.push({ path, message: 'cannot pass: no answer takes less than nothing' })
  if (criterion.kind === 'transitions') checkSequence(criterion.sequence, path, problems)
}

/** Which states a breaker may take next. */
const nextStates: Readonly<Record<string, readonly string[]>> = {
  closed: ['open'],
  open: ['half_open', 'closed'],
  half_open: ['open', 'closed'],
}

function checkSequence(sequence: readonly string[], path: string, problems: Problem[]): void {
  const known = Object.keys(nextStates)
  if (sequence.length < 2) problems.push({ path, message: 'name at least two states; for none but closed, use staysClosed()' })
  for (const [at, state] of sequence.entries()) {
    const before = sequence[at - 1]
    if (!known.includes(state)) problems.push({ path, message: `unknown state "${state}"${suggest(state, known)}` })
    else if (before !== undefined && nextStates[before] && !nextStates[before].includes(state))
      problems.push({ path, message: `no breaker goes from ${before} to ${state}` })
  }
}

function checkSamples(plan: Plan, criterion: Criterion, path: string, problems: Problem[]): void {
  const needed = minimumSamples(criterion)
  for (const scope of scopesOf(plan, criterion)) {
    const planned = scope.reduce((total, phase) => total + plannedRequests(plan, phase.name, criterion.upstream), 0)
    if (planned >= needed || (planned === 0 && needed === 1)) continue
    const spanSeconds = scope.reduce((total, phase) => total + (phase.endMs - phase.startMs), 0) / 1000
    const perSecond = scope.reduce((total, phase) => total + phase.expected, 0) / spanSeconds
    const factor = needed / planned
    const where = scope.length === 1 ? 'the phase' : `the phases (${scope.map(({ name }) => name).join(', ')})`
    const remedy =
      planned === 0
        ? 'send some in `load.mix`'
        : `raise the rate to ${Math.ceil(perSecond * factor)}/s or ${where} to ${Math.ceil(spanSeconds * factor)} s`
    problems.push({
      path,
      message: `${describeCriterion(criterion)} needs ${wholeNumber(needed)} requests; the plan sends ${wholeNumber(planned)}: ${remedy}`,
    })
  }
}

/** The sets of phases that must each hold enough requests. */
function scopesOf(plan: Plan, criterion: Criterion): PlannedPhase[][] {
  const judged = plan.phases.filter(({ warmUp }) => !warmUp)
  if (criterion.kind === 'unharmed') {
    const faulted = judged.filter(({ name }) => plan.faults.some((fault) => fault.phase === name))
    return [judged.filter(({ name }) => name === criterion.comparedWith), faulted]
  }
  const named = 'during' in criterion ? criterion.during : undefined
  return [named ? plan.phases.filter(({ name }) => named.includes(name)) : judged]
}

function wholeNumber(value: number): string {
  return Number.isFinite(value) ? count(value) : 'infinitely many'
}
