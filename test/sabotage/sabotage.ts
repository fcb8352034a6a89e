// A sabotage: a gateway with one planted defect, the scenario that must catch it, and the reason that it must give first.
import type { Cause } from '../../src/criteria/finding/cause.ts'
import { mutants } from '../mutation/mutants.ts'
import type { ComponentName } from '../components.ts'
import { foreignGateways, type ForeignGateway } from '../foreign/gateways.ts'

export interface Sabotage {
  /** As in the tables that name the defect: `M04`, `J5`; `opossum:no-breaker` of a gateway that is not ours. */
  id: string
  title: string
  change: Edits | Command
  /** The shortest that shows it: a name in scenarios/, or a path. */
  scenario: string
  flags?: readonly string[]
  /** Causes of which the first finding must have one: the root, before what follows from it. */
  expect: readonly Cause[]
  /** `traffic`: caught without the gateway's own events, too. */
  visibleIn: 'traffic' | 'events'
}

/** Changes to a copy of the reference gateway. Each text must occur exactly once in its file. */
export interface Edits {
  edits: readonly { file: string; find: string; put: string }[]
}

/** A gateway of its own. */
export interface Command {
  command: string
  needs?: ComponentName
}

type Caught = Pick<Sabotage, 'scenario' | 'flags' | 'expect' | 'visibleIn'>

/** The defect that the unit tests of the policies know by the same id. */
export function mutant(id: string, caught: Caught): Sabotage {
  const known = mutants.find((each) => each.id === id)
  if (!known) throw new Error(`no such mutant: ${id}`)
  return { id, title: known.is, change: { edits: [{ ...known, file: `src/policies/${known.file}` }] }, ...caught }
}

export function edited(id: string, title: string, file: string, find: string, put: string, caught: Caught): Sabotage {
  return { id, title, change: { edits: [{ file, find, put }] }, ...caught }
}

export function foreign(name: keyof typeof foreignGateways, defect: string, caught: Caught): Sabotage {
  const { command, needs }: ForeignGateway = foreignGateways[name]
  return {
    id: `${name}:${defect}`,
    title: defect.replaceAll('-', ' '),
    change: { command: `DEFECT=${defect} ${command}`, ...(needs && { needs }) },
    ...caught,
  }
}
