import { expect, it } from 'vitest'
import { faults } from '../../src/faults/builders.ts'
import type { FaultDoc } from '../../src/faults/fault-doc.ts'
import type { FaultInput } from '../../src/faults/fault-input.ts'
import { familyOf, planFault } from '../../src/faults/families.ts'
import { networkFaults } from '../../src/faults/network/networks.ts'
import { processFaults } from '../../src/faults/processes.ts'
import { requestFaults } from '../../src/faults/requests.ts'

const tables: Record<string, { docs: readonly FaultDoc[]; build: object }>[] = [requestFaults, networkFaults, processFaults]
const all = tables.flatMap((table) => Object.entries(table))
const docs = all.flatMap(([name, { docs: own }]) => own.map(({ written, does }) => ({ name, written, does })))

it.each(docs)('$name is written as its doc says: $written', ({ name, written, does }) => {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- what the page shows is what is run
  const write = new Function('faults', `return faults.${written}`) as (given: typeof faults) => FaultInput
  const problems: [] = []
  const planned = planFault(write(faults), '', problems)
  expect(problems).toEqual([])
  expect(planned.map((fault) => familyOf(fault).name(fault))).toEqual([name])
  expect(does).toMatch(/^[A-Z].*\.$/)
})

it('tells of every builder', () => {
  const told = new Set(docs.map(({ written }) => written.slice(0, written.indexOf('('))))
  const builders = all.flatMap(([, { build }]) => Object.keys(build))
  expect(builders.length).toBeGreaterThan(20)
  expect(builders.filter((builder) => !told.has(builder))).toEqual([])
})
