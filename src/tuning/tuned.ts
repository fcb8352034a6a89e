// What a tuning found: plain data, as it is kept in tune.json and drawn in tune.html. It holds no time of day and no speed, so that the
// same search gives the same bytes.
import type { Plan } from '../plan/plan.ts'
import type { Overrides } from '../scenario/planning/plan-gateway.ts'
import { own } from '../kernel/own.ts'
import { unjudgedSentence } from '../simulation/unjudged.ts'
import type { Confirmation } from './confirmation.ts'
import type { CliffsOfSetting } from './search/cliffs.ts'
import type { ObjectiveName, Priority, Scores } from './search/objectives.ts'
import type { SearchResult } from './search/search.ts'
import type { Standing } from './search/standing.ts'
import type { SettingRange } from './space/setting-range.ts'
import { read } from './space/setting-range.ts'
import type { Space, Values } from './space/space.ts'

export interface Tuned {
  schemaVersion: 1
  scenarios: { name: string; source: string; durationMs: number }[]
  /** The named settings of the gateway. */
  settings: string
  /** Settings by path that every candidate had. */
  fixed: Overrides
  space: Space
  /** What counted, in this order. */
  order: ObjectiveName[]
  /** Of each objective: two values of the same step counted as the same. */
  steps: Scores
  seeds: number[]
  trials: number
  /** By setting; null where it is not set, or not the same in all scenarios. */
  presentValues: (number | null)[]
  present: Standing | null
  /** Null: no candidate passes. */
  recommended: Standing | null
  /** The one that comes nearest where none passes. */
  nearest: Standing | null
  front: Standing[]
  /** Null: the search ended before they were looked for. */
  cliffs: CliffsOfSetting[] | null
  candidates: TriedCandidate[]
  refused: { candidates: number; why: string | null }
  /** What simulations left unjudged, a sentence for each scenario. Absent: nothing. */
  unjudged?: string[]
  /** Why the search ended before its budget; null: it did not. */
  ended: 'time' | 'interrupted' | null
  confirmations: Confirmation[]
}

/** As far as a map shows it. */
export interface TriedCandidate {
  values: Values
  seeds: number
  passes: boolean
  scores: Scores
}

export interface About {
  plans: readonly Plan[]
  settings: string
  fixed: Overrides
  space: Space
  order: readonly Priority[]
  ended: Tuned['ended']
}

export function tunedOf(found: SearchResult, { plans, settings, fixed, space, order, ended }: About): Tuned {
  const unjudged = plans.flatMap((plan) => unjudgedSentence(plan) ?? [])
  const { best, present, front, cliffs, candidates, refused, seeds, trials } = found
  return {
    schemaVersion: 1,
    scenarios: plans.map(({ scenario, source, durationMs }) => ({ name: scenario, source, durationMs })),
    settings,
    fixed,
    space,
    order: order.map(({ name }) => name),
    // Object.fromEntries forgets the names, which are the table's.
    steps: Object.fromEntries(order.map(({ name, step }) => [name, step])) as Scores,
    seeds,
    trials,
    presentValues: space.map((range) => presentValue(range, plans)),
    present: present ?? null,
    recommended: best?.passes ? best : null,
    nearest: best && !best.passes ? best : null,
    front,
    cliffs: cliffs ?? null,
    candidates: candidates.map(({ values, seeds: tried, passes, scores }) => ({ values, seeds: tried, passes, scores })),
    refused: { candidates: refused.candidates, why: refused.why ?? null },
    ...(unjudged.length > 0 && { unjudged }),
    ended,
    confirmations: [],
  }
}

/** What the gateway has under this path now; null where it has nothing there, or not the same in each plan. */
export function presentValue(range: SettingRange, plans: readonly Plan[]): number | null {
  const values = plans.map(({ gateway }) => {
    const [first = '', ...rest] = range.path.split('.')
    const group: unknown = first === 'server' ? gateway.server : own(gateway.upstreams, first)
    return read(
      range,
      rest.reduce<unknown>((inner, key) => (isGroup(inner) ? own(inner, key) : undefined), group),
    )
  })
  const [value] = values
  return value !== undefined && values.every((each) => each === value) ? value : null
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** A JSON merge patch (RFC 7396) for the gateway's configuration. */
export function mergePatch({ settings }: Pick<Standing, 'settings'>): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(settings)) {
    const keys = path.startsWith('server.') ? path.split('.') : ['upstreams', ...path.split('.')]
    let group = patch
    for (const key of keys.slice(0, -1)) {
      const inner = own(group, key)
      const next: Record<string, unknown> = isGroup(inner) ? inner : {}
      setOwn(group, key, next)
      group = next
    }
    setOwn(group, keys.at(-1)!, value)
  }
  return patch
}

/** A name from outside, such as `__proto__`, is a name like any other. */
const setOwn = (group: Record<string, unknown>, key: string, value: unknown): void =>
  void Object.defineProperty(group, key, { value, enumerable: true, writable: true, configurable: true })
