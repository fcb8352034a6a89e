// `--for`: what a tuning is for, before everything else.
import { InvalidArgumentError } from 'commander'
import { suggest } from '../../../kernel/validation.ts'
import { type ObjectiveName, objectiveNames } from '../../../tuning/search/objectives.ts'
import { defineFlag } from '../flag.ts'

export const tuneFor = defineFlag<readonly ObjectiveName[]>({
  flag: '--for <objective>',
  text: `what counts first: ${objectiveNames.join(', ')}; given again, what counts next`,
  commands: ['tune'],
  repeatable: true,
  parse(text, sofar) {
    const name = objectiveNames.find((each) => each === text)
    if (name === undefined) throw new InvalidArgumentError(`there is no such objective${suggest(text, objectiveNames)}`)
    return [...new Set([...sofar, name])]
  },
  default: [],
  repeat: 'changed',
  write: (names) => [...names],
})
