import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mutants } from './mutants.ts'

it.each(mutants.map((mutant) => [mutant.id, mutant] as const))('%s still fits the policies', (_id, { file, find }) => {
  expect(readFileSync(`src/policies/${file}`, 'utf8').split(find)).toHaveLength(2)
})
