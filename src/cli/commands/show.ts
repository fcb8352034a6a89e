// `gatecrash show <scenario>`: the plan, without any traffic.
import { Command } from 'commander'
import { count, moment, share, span } from '../../kernel/wording.ts'
import { knownCriterion } from '../../criteria/criteria.ts'
import type { KnownCriterion } from '../../criteria/criterion.ts'
import { type CustomCriteria, loadCriteria } from '../../criteria/custom.ts'
import { oddsOf } from '../../criteria/measure/odds.ts'
import { familyOf } from '../../faults/families.ts'
import { targetOf } from '../../faults/fault.ts'
import { judgedBy } from '../../report/judged-by.ts'
import type { Plan, PlannedCriterion } from '../../plan/plan.ts'
import { planWithoutSecrets } from '../../plan/redact.ts'
import type { ExitCode } from '../exit-codes.ts'
import { findScenario } from '../../project/find-scenario.ts'
import { print, printJson } from '../say.ts'
import { addFlags } from '../flags/add-flags.ts'
import { type SomeValues, flagProblems } from '../flags/flags.ts'
import { collectMistakes } from '../mistakes.ts'
import { originLines, originsOf } from '../project/origins.ts'
import { onProject, planOn, valuesFor } from '../project/on-project.ts'

export function showCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('show')
    .description('Print the plan of a scenario: phases, faults, load and criteria. Sends nothing.')
    .argument('<scenario>', 'a name in scenarios/, or a path to a scenario file')
  const mistakes = collectMistakes()
  return addFlags(command, 'show', { mistakes }).action(async (id: string, values: SomeValues) => {
    const on = await mistakes.during(() => onProject(command, values))
    const found = await mistakes.during(() => findScenario(id))
    const own = found && on && valuesFor(found.scenario, on)
    const plan = own && (await mistakes.during(() => planOn(found, own, on)))
    if (own) mistakes.add(flagProblems(own, plan ? [plan] : [], { isWhole: plan !== undefined }))
    const wrong = mistakes.tell()
    if (wrong !== undefined || !plan) return exit(wrong ?? 70)
    const origins = values.origin ? originsOf(planWithoutSecrets(plan), found, own, on, command) : undefined
    if (origins) {
      if (values.json) printJson(origins)
      else print(originLines(origins).join('\n'))
    } else if (values.json) printJson(planWithoutSecrets(plan))
    else print(describePlan(plan, await loadCriteria(plan)))
    exit(0)
  })
}

const WIDTH = 60

function describePlan(plan: Plan, custom: CustomCriteria): string {
  const nameWidth = Math.max(14, ...plan.phases.map(({ name }) => name.length))
  const requests = plan.phases.reduce((total, phase) => total + phase.expected, 0)
  return [
    `${plan.scenario}  (${plan.source}, seed ${plan.seed}, ${plan.settings} settings)`,
    plan.story,
    '',
    `${span(plan.durationMs)}, ${count(requests)} requests, ${plan.load.arrivals} arrivals`,
    '',
    ...timeline(plan),
    '',
    'phases',
    ...plan.phases.map(
      ({ name, startMs, endMs, expected, ...phase }) =>
        `  ${name.padEnd(nameWidth)} ${at(startMs)} to ${at(endMs)}  ${count(expected).padStart(6)} requests${judgedBy(phase) === undefined ? '' : `  (${judgedBy(phase)})`}`,
    ),
    'load',
    ...plan.load.mix.map(
      ({ route, method, weight, during, once, probe, sendOverMs, sendHeadOverMs }) =>
        `  ${route}  ${method}, ${probe && once !== undefined ? `once, at ${moment(probe.fromMs)}` : probe ? `${count(probe.count)} times from ${moment(probe.fromMs)} on` : `weight ${weight}`}${during ? `, only in ${during.join(', ')}` : ''}${sendOverMs === undefined ? '' : `, takes ${span(sendOverMs)} to send`}${sendHeadOverMs === undefined ? '' : `, takes ${span(sendHeadOverMs)} to send its head`}`,
    ),
    'faults',
    ...(plan.faults.length === 0
      ? ['  none']
      : plan.faults.map(
          (fault) =>
            `  ${fault.id}  ${at(fault.startMs)} to ${at(fault.endMs)}  ${targetOf(fault)}: ${familyOf(fault.fault).words(fault.fault)}`,
        )),
    ...claimLines(plan),
    'criteria',
    ...plan.criteria.flatMap((planned) => criterionLines(plan, planned, knownCriterion(planned.criterion, custom))),
  ].join('\n')
}

/** Each claim with the criteria that it stands for. */
function claimLines({ claims = [], criteria }: Plan): string[] {
  if (claims.length === 0) return []
  return [
    'claims',
    ...claims.flatMap(({ id, sentence, unasked }) => {
      const asked = criteria.filter(({ claims: by }) => by?.includes(id)).map((criterion) => criterion.id)
      return [`  ${id.padEnd(4)} ${sentence}: ${asked.join(', ')}`, ...unasked.map((what) => `       cannot ask for ${what}`)]
    }),
  ]
}

/** The sentence, and how likely the planned load proves it. */
function criterionLines(plan: Plan, { id, severity }: PlannedCriterion, known: KnownCriterion): string[] {
  const sentence = `  ${id.padEnd(4)} ${known.sentence}${severity === 'warn' ? '  (only warns)' : ''}`
  const odds = oddsOf(plan, known)
  if (!odds) return [sentence]
  const { requests, atHalf, atTenth, enough } = odds
  const chance = (part: number): string => share(Math.floor(part * 100) / 100)
  const few = requests < enough && Number.isFinite(enough) ? `; about ${count(enough)} requests would make that 95 %` : ''
  const passes = `passes in ${chance(atHalf)} of runs with half of what it allows, in ${chance(atTenth)} with a tenth${few}`
  return [sentence, `       ${count(requests)} requests: ${passes}`]
}

function timeline(plan: Plan): string[] {
  const column = (ms: number): number => Math.round((ms / plan.durationMs) * WIDTH)
  const names = plan.phases.map(({ name, startMs, endMs }) => {
    const width = Math.max(1, column(endMs) - column(startMs))
    return `|${name}`.slice(0, width).padEnd(width)
  })
  const lanes = plan.faults.map(
    ({ id, startMs, endMs }) => `  ${' '.repeat(column(startMs))}${'▒'.repeat(Math.max(1, column(endMs) - column(startMs)))} ${id}`,
  )
  return [`  ${names.join('')}|`, ...lanes]
}

function at(ms: number): string {
  return moment(ms).padStart(7)
}
