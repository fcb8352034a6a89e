// Where each setting of a plan comes from: the first of these that says something of it.
//
//   flag, or its variable ▶ scenario ▶ gatecrash.config ▶ common default
import type { Command } from 'commander'
import { span } from '../../kernel/wording.ts'
import { shown } from '../../kernel/validation.ts'
import type { Plan } from '../../plan/plan.ts'
import { withoutSecrets } from '../../plan/redact.ts'
import type { FoundScenario } from '../../project/find-scenario.ts'
import { commonGateway } from '../../scenario/settings/common-gateway.ts'
import { variableOf } from '../flags/environment.ts'
import { type FlagValues, rowsOf, written } from '../flags/flags.ts'
import type { OnProject } from './on-project.ts'

/** A setting, its value for people, and the place that it comes from. */
export interface Origin {
  setting: string
  value: string
  from: string
}

const COMMON = 'common default'
const NONE = 'none'

export function originsOf(plan: Plan, { scenario, source }: FoundScenario, values: FlagValues, on: OnProject, command: Command): Origin[] {
  const { input } = scenario
  const { project, given } = on
  const ofConfig = project?.source ?? COMMON
  const typed = flagOrigins(command, on)
  const by = (flag: keyof FlagValues, otherwise: string): string => typed.get(flag) ?? otherwise
  const example = `example of ${source}`
  const where = (isOwn: boolean): string => (isOwn ? source : project?.system ? ofConfig : input.example ? example : COMMON)
  const rate = input.load?.rate ? source : project?.system?.ratePerSecond === undefined ? (input.example ? example : COMMON) : ofConfig
  const { gateway } = values
  const isConfigured = gateway.kind !== 'reference' && !given.gateway
  const ready = (flag: 'readyPath' | 'readyWithin', set: unknown): string => by(flag, set === undefined ? COMMON : ofConfig)
  return [
    { setting: 'upstreams', value: Object.keys(plan.upstreams).join(', '), from: where(input.upstreams !== undefined) },
    { setting: 'load.rate', value: `${highestRate(plan)}/s`, from: by('rate', rate) },
    ...plan.load.mix
      .filter(({ probe, once }) => !probe || once !== undefined)
      .map(({ route, method }) => ({ setting: `load.mix ${route}`, value: method, from: where(input.load?.mix !== undefined) })),
    {
      setting: 'gateway',
      value:
        gateway.kind === 'reference' ? 'the reference gateway' : withoutSecrets(gateway.kind === 'url' ? gateway.url : gateway.command),
      from: by('gateway', isConfigured ? ofConfig : input.gateway ? source : COMMON),
    },
    { setting: 'gateway.readyPath', value: values.readyPath, from: ready('readyPath', project?.gateway?.readyPath) },
    { setting: 'gateway.readyWithin', value: span(values.readyWithin), from: ready('readyWithin', project?.gateway?.readyWithinMs) },
    ...settingOrigins(plan, input, source, values, on, typed),
    ...rowsOf(values)
      .filter(
        ({ name, row }) =>
          !HERE.has(name) && ('plan' in row || 'stage' in row || typed.has(name) || Object.hasOwn(project?.flags ?? {}, name)),
      )
      .map(({ name, row, value }) => ({
        setting: row.flag.split(' ')[0] ?? name,
        value: withoutSecrets(row.parse ? written(row, value).join(', ') : String(value)) || NONE,
        from: typed.get(name) ?? (Object.hasOwn(project?.flags ?? {}, name) ? ofConfig : COMMON),
      })),
  ]
}

/** Flags whose settings are told under their own names, or that ask for this. */
const HERE: ReadonlySet<string> = new Set(['rate', 'gateway', 'readyPath', 'readyWithin', 'expect', 'set', 'json', 'origin'])

/** By flag, how it was given: `--seed`, or `GATECRASH_SEED`. */
function flagOrigins(command: Command, { given }: OnProject): Map<string, string> {
  const told = rowsOf({}).filter(({ name }) => Object.hasOwn(given, name))
  return new Map(
    told.map(({ name, row }) => [name, command.getOptionValueSource(name) === 'env' ? variableOf(row) : (row.flag.split(' ')[0] ?? name)]),
  )
}

/** Of the gateway's settings, one by one. */
function settingOrigins(
  { gateway, settings: named }: Plan,
  input: FoundScenario['scenario']['input'],
  source: string,
  values: FlagValues,
  { project }: OnProject,
  typed: ReadonlyMap<string, string>,
): Origin[] {
  const names = Object.keys(gateway.upstreams)
  const layers: { from: string; settings: unknown }[] = [
    { from: typed.get('expect') ?? '--expect', settings: nested(values.expect) },
    { from: typed.get('set') ?? '--set', settings: nested(values.set) },
    { from: source, settings: input.gateway?.[named] ?? input.expects ?? {} },
    ...(input.gateway || !project?.system ? [] : [{ from: project.source, settings: project.system.expects }]),
    ...(input.gateway ? [] : [{ from: COMMON, settings: commonGateway(names)[named] }]),
  ]
  const fromOf = (path: readonly string[]): string =>
    layers.find(({ settings }) => isWritten(settings, path))?.from ?? "default of the setting's own"
  const without = names.flatMap((name) =>
    Object.keys(commonGateway(names)[named]?.[name] ?? {}).flatMap((policy) =>
      Object.entries(gateway.upstreams[name] ?? {}).some(([known, value]) => known === policy && value !== undefined)
        ? []
        : [{ setting: `${name}.${policy}`, value: NONE, from: fromOf([name, policy]) }],
    ),
  )
  const set = leaves(gateway.upstreams, []).map(([path, value]) => ({ setting: path.join('.'), value: shown(value), from: fromOf(path) }))
  return [...set, ...(input.gateway ? [] : without)]
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function leaves(group: Record<string, unknown>, above: readonly string[]): [path: string[], value: unknown][] {
  return Object.entries(group).flatMap(([name, value]): [string[], unknown][] =>
    isGroup(value) ? leaves(value, [...above, name]) : value === undefined ? [] : [[[...above, name], value]],
  )
}

/** Whether these settings say something at the path, or say all of what it is a part of, as `fallback: 'cached'` does. */
function isWritten(settings: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true
  if (!isGroup(settings)) return settings !== undefined
  return Object.hasOwn(settings, key) && isWritten(settings[key], rest)
}

/** From settings by path to settings in settings. */
function nested(byPath: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(byPath)) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    const inner = keys.reduce((group, key) => {
      if (!isGroup(group[key])) Object.defineProperty(group, key, { value: {}, enumerable: true, writable: true })
      return group[key] as Record<string, unknown>
    }, root)
    Object.defineProperty(inner, last, { value, enumerable: true, writable: true, configurable: true })
  }
  return root
}

const highestRate = ({ load }: Plan): number =>
  Math.max(...load.rate.map(({ startPerSecond, endPerSecond }) => Math.max(startPerSecond, endPerSecond)))

/** One line for each, in columns. */
export function originLines(origins: readonly Origin[]): string[] {
  const width = (part: (origin: Origin) => string, most: number): number =>
    Math.min(most, Math.max(...origins.map((each) => part(each).length)))
  const [first, second] = [width(({ setting }) => setting, 50), width(({ value }) => value, 40)]
  return origins.map(({ setting, value, from }) => `${setting.padEnd(first)}  ${value.padEnd(second)}  ${from}`)
}
