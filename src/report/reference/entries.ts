// All that can be explained, from the tables of criteria, claims, checks, faults, causes and settings: what `gatecrash explain` prints, and what the
// reference page lists.
import { criteria } from '../../criteria/criteria.ts'
import { windows } from '../../criteria/criterion-doc.ts'
import { type Cause, causes } from '../../criteria/finding/cause.ts'
import type { FaultDoc } from '../../faults/fault-doc.ts'
import { extendedToxics, networkFaults } from '../../faults/network/networks.ts'
import { processFaults } from '../../faults/processes.ts'
import { requestFaults } from '../../faults/requests.ts'
import { advice } from '../../judge/remedy/advice.ts'
import { checks } from '../../judge/validity/validity.ts'
import { claimTypes } from '../../scenario/claims/claims.ts'
import { settingDocs } from '../../scenario/settings/setting-docs.ts'

export interface Entry {
  family: keyof typeof families
  /** As it stands in run.json and verdict.json. */
  name: string
  /** What else people call it: the functions that write it. */
  also: readonly string[]
  /** As a scenario writes it; absent of what no scenario writes. */
  written?: string
  /** A sentence. */
  is: string
  /** What there is to know beside it. */
  facts: readonly (readonly [label: string, text: string])[]
}

export const families = {
  criterion: 'Criteria',
  claim: 'Claims',
  fault: 'Faults',
  check: 'Checks of a run',
  cause: 'Causes',
  setting: 'Settings of the reference gateway',
} as const

export function entries(): Entry[] {
  return [...criterionEntries(), ...claimEntries(), ...faultEntries(), ...checkEntries(), ...causeEntries(), ...settingEntries()]
}

function criterionEntries(): Entry[] {
  return Object.values(criteria).map(({ kind, doc, build, causes: own }) => ({
    family: 'criterion',
    name: kind,
    also: [...new Set([...Object.keys(build), doc.written.slice(0, doc.written.indexOf('('))])],
    written: doc.written,
    is: doc.demands,
    facts: [
      ['window', typeof doc.over === 'string' ? windows[doc.over] : doc.over.between],
      ['counts', doc.counts],
      ['samples', doc.samples],
      ['inconclusive', doc.undecided],
      ['fails as', own.map((cause) => `${cause} (${causes[cause]})`).join('; ')],
    ],
  }))
}

function claimEntries(): Entry[] {
  return claimTypes.map(({ kind, doc: { written, standsFor } }) => ({
    family: 'claim',
    name: kind,
    also: [written.slice(0, written.indexOf('('))],
    written: `claims.${written}`,
    is: standsFor,
    facts: [['spelt out by', 'gatecrash show SCENARIO: the criteria and the probes that it stands for in a story']],
  }))
}

function faultEntries(): Entry[] {
  return [
    ...faultsOf(requestFaults, 'requests', () => 'the fake upstream'),
    ...faultsOf(networkFaults, 'connections', (type) =>
      Object.hasOwn(extendedToxics, type) ? 'the embedded Toxiproxy alone' : 'any Toxiproxy 2.12',
    ),
    ...faultsOf(processFaults, 'the whole process', () => 'the stage'),
  ]
}

function faultsOf(table: Record<string, { docs: readonly FaultDoc[] }>, hits: string, madeBy: (name: string) => string): Entry[] {
  return Object.entries(table).flatMap(([name, { docs }]) =>
    docs.map(({ written, does }): Entry => ({
      family: 'fault',
      name,
      also: [written.slice(0, written.indexOf('('))],
      written: `faults.${written}`,
      is: does,
      facts: [
        ['hits', hits],
        ['made by', madeBy(name)],
      ],
    })),
  )
}

function checkEntries(): Entry[] {
  return checks.map(({ name, demands, otherwise, remedy }) => ({
    family: 'check',
    name,
    also: [],
    is: demands,
    facts: [
      ['otherwise', otherwise],
      ['remedy', remedy],
    ],
  }))
}

function causeEntries(): Entry[] {
  return Object.entries(causes).map(([name, sentence]) => {
    const remedy = Object.hasOwn(advice, name) ? advice[name as keyof typeof advice] : undefined
    const of = Object.values(criteria).flatMap(({ kind, causes: own }) => ((own as readonly Cause[]).includes(name as Cause) ? [kind] : []))
    return {
      family: 'cause',
      name,
      also: [],
      is: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
      facts: [['of', of.length === 0 ? 'any criterion' : of.join(', ')], ...(remedy === undefined ? [] : ([['remedy', remedy]] as const))],
    }
  })
}

function settingEntries(): Entry[] {
  return settingDocs().map(({ path, fallback, says = '' }) => ({
    family: 'setting',
    name: path,
    // Of any upstream.
    also: path.startsWith(UPSTREAM) ? [path.slice(UPSTREAM.length)] : [],
    is: says,
    facts: fallback === undefined ? [] : [['default', fallback]],
  }))
}

const UPSTREAM = '<upstream>.'
