// `--rate`: another load than the scenario's, for a machine that cannot send as much.
import { defineFlag } from './flag.ts'
import { integer } from './parse.ts'

export const rate = defineFlag<number | undefined>({
  flag: '--rate <n>',
  text: 'requests per second in place of the highest of the load; fewer make phases longer, so that criteria stay decidable',
  commands: ['run', 'show', 'tune'],
  parse: integer(1, 1_000_000),
  default: undefined,
  repeat: 'changed',
  write: (value) => (value === undefined ? [] : [String(value)]),
  plan: (value) => (value === undefined ? {} : { ratePerSecond: value }),
})
