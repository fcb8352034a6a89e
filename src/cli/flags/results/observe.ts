// `--observe`: whose word counts about the gateway's breakers.
import { InvalidArgumentError } from 'commander'
import { type Observation, observations } from '../../../criteria/finding/observation.ts'
import { defineFlag } from '../flag.ts'

export const observe = defineFlag<Observation>({
  flag: '--observe <what>',
  text: "whose word counts about breakers: the gateway's events, its traffic, or both",
  commands: ['run', 'judge'],
  parse(text) {
    const known = observations.find((name) => name === text)
    if (known) return known
    throw new InvalidArgumentError(`give ${observations.join(', ')}`)
  },
  default: 'both',
  repeat: 'changed',
})
