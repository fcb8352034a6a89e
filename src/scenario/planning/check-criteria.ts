// Criteria against the plan: every name exists, and every criterion can be decided by the load that is planned.
import { criterionSchema, knownCriterion } from '../../criteria/criteria.ts'
import type { KnownCriterion } from '../../criteria/criterion.ts'
import type { CustomCriteria } from '../../criteria/custom.ts'
import type { WrittenCriterion } from '../../criteria/writing/call-site.ts'
import type { Problem } from '../../kernel/errors.ts'
import { check, suggest } from '../../kernel/validation.ts'
import { count } from '../../kernel/wording.ts'
import { plannedRequests } from '../../plan/plan-index.ts'
import type { Plan } from '../../plan/plan.ts'
import { own } from '../../kernel/own.ts'

/**
 * `places` tell where each criterion of the plan comes from, such as `criteria[0]`, or `claims[1]` of which it is a part; `custom` holds
 * the definitions of the project's own criteria among them.
 */
export function checkCriteria(plan: Plan, places: readonly string[], custom: CustomCriteria, problems: Problem[]): void {
  if (plan.criteria.length === 0)
    problems.push({ path: 'criteria', message: 'there must be at least one: a run that demands nothing proves nothing' })
  else if (plan.criteria.every(({ severity }) => severity === 'warn'))
    problems.push({ path: 'criteria', message: 'all of them only warn: a run that demands nothing proves nothing; demand at least one' })
  const known = { upstreams: Object.keys(plan.upstreams), phases: plan.phases.map(({ name }) => name) }
  for (const [at, { criterion: data, claims }] of plan.criteria.entries()) {
    const path = places[at] ?? `criteria[${at}]`
    if (check(criterionSchema, data, path, problems) === undefined) continue
    const criterion = knownCriterion(data, custom)
    const before = problems.length
    checkNames(known, criterion, path, problems)
    if (problems.length > before) continue
    checkBreaker(plan, criterion, path, problems)
    for (const { at: field, message } of criterion.check(plan))
      // The fields of a claim's criterion are nobody's to change: its sentence says what it is about.
      if (claims) problems.push({ path, message: `${criterion.sentence}: ${field === undefined ? '' : `${field} `}${message}` })
      else problems.push({ path: field === undefined ? path : `${path}.${field}`, message })
    if (problems.length === before) checkSamples(plan, criterion, path, problems)
  }
}

/** Criteria of a scenario that cannot be planned for another reason: that each is one, and names what there is. */
export function checkWritten(written: readonly WrittenCriterion[], known: Names, custom: CustomCriteria, problems: Problem[]): void {
  for (const [at, { criterion: data }] of written.entries()) {
    const path = `criteria[${at}]`
    if (check(criterionSchema, data, path, problems) !== undefined) checkNames(known, knownCriterion(data, custom), path, problems)
  }
}

interface Names {
  upstreams: readonly string[]
  phases: readonly string[]
}

function checkNames({ upstreams, phases }: Names, { upstream, phases: named }: KnownCriterion, path: string, problems: Problem[]): void {
  if (upstream !== undefined && !upstreams.includes(upstream))
    problems.push({ path: `${path}.upstream`, message: `unknown upstream "${upstream}"${suggest(upstream, upstreams)}` })
  for (const name of named)
    if (!phases.includes(name)) problems.push({ path: `${path}.during`, message: `unknown phase "${name}"${suggest(name, phases)}` })
}

function checkBreaker(plan: Plan, { breaker, upstream }: KnownCriterion, path: string, problems: Problem[]): void {
  if (breaker === 'none' || upstream === undefined || own(plan.gateway.upstreams, upstream)?.breaker) return
  problems.push({ path, message: `"${upstream}" has no breaker; give it one in \`gateway\`, or drop the criterion` })
}

function checkSamples(plan: Plan, { needs, upstream, sentence, ...criterion }: KnownCriterion, path: string, problems: Problem[]): void {
  for (const phases of criterion.samplesIn(plan)) {
    const planned = phases.reduce((total, phase) => total + plannedRequests(plan, phase.name, upstream), 0)
    if (planned >= needs || (planned === 0 && needs === 1)) continue
    const spanSeconds = phases.reduce((total, phase) => total + (phase.endMs - phase.startMs), 0) / 1000
    const perSecond = phases.reduce((total, phase) => total + phase.expected, 0) / spanSeconds
    const factor = needs / planned
    const where = phases.length === 1 ? 'the phase' : `the phases (${phases.map(({ name }) => name).join(', ')})`
    const remedy =
      planned === 0
        ? 'send some in `load.mix`'
        : `raise the rate to ${Math.ceil(perSecond * factor)}/s or ${where} to ${Math.ceil(spanSeconds * factor)} s`
    problems.push({ path, message: `${sentence} needs ${wholeNumber(needs)} requests; the plan sends ${wholeNumber(planned)}: ${remedy}` })
  }
}

function wholeNumber(value: number): string {
  return Number.isFinite(value) ? count(value) : 'infinitely many'
}
