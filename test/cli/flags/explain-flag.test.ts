import { expect, it } from 'vitest'
import { explainFlag, explainableFlags } from '../../../src/cli/flags/explain-flag.ts'
import { rowsOf } from '../../../src/cli/flags/flags.ts'

it('says of every flag what it is, which commands take it, its default and its variable', () => {
  for (const { row } of rowsOf({})) {
    const name = row.flag.split(' ')[0]!
    const told = explainFlag(name)
    for (const part of [row.flag, row.text, row.commands.join(', '), 'GATECRASH_']) expect(told).toContain(part)
    expect(explainableFlags()).toContain(`  ${name}`)
  }
  expect(explainFlag('--seed=7')).toMatch(/^--seed <n> \(flag\)[^]*default {7}42[^]*GATECRASH_SEED$/)
})

it('suggests the nearest flag for one that there is not', () => {
  expect(() => explainFlag('--sed')).toThrow('no flag is called "--sed"; did you mean "--seed"?')
})
