import { expect, it } from 'vitest'
import { configuredFlags } from '../../../src/cli/project/configured-flags.ts'
import type { Problem } from '../../../src/kernel/errors.ts'

it.each([
  [{ sed: 1 }, 'flags.sed  unknown flag "sed"; did you mean "seed"?'],
  [{ constructor: 'a' }, 'flags.constructor  unknown flag "constructor"'],
  [{ seed: -1 }, 'flags.seed  give a whole number from 0 on, got -1'],
  [{ bail: 'yes' }, 'flags.bail  must be true or false'],
  [{ rate: 100 }, 'flags.rate  has a place of its own: write it as `rate`'],
  [{ gateway: 'node x.js' }, 'flags.gateway  has a place of its own: write it as `gateway`'],
  [{ readyPath: '/up' }, 'flags.readyPath  has a place of its own: write it as `gateway.readyPath`'],
])('refuses %o', (flags, told) => {
  const problems: Problem[] = []
  configuredFlags(flags, problems)
  expect(problems.map(({ path, message }) => `${path}  ${message}`).join()).toContain(told)
})

it('reads values as if they were typed, and a list as a flag that is given again', () => {
  const problems: Problem[] = []
  expect(configuredFlags({ seed: 3, out: 'build', bail: true, listen: ['a=1', 'b=2'] }, problems)).toEqual({
    seed: 3,
    out: 'build',
    bail: true,
    listen: { a: 1, b: 2 },
  })
  expect(problems).toEqual([])
})
