// Command lines as nobody means them, drawn from a seed. None plays a scenario: each `run` names one that cannot be planned.
import type { Random } from '../../../../src/kernel/random.ts'
import { rowsOf } from '../../../../src/cli/flags/flags.ts'

/** What is there for them to name. */
export interface Surroundings {
  /** A scenario file that is sound, and one that cannot be planned. */
  sound: string
  unplanned: string
  bundle: string
  /** A port that is in use. */
  takenPort: number
}

const flags = rowsOf({}).map(({ row }) => row.flag.split(' ')[0]!)

const ODD = [
  '',
  ' ',
  '-',
  '--',
  '---',
  '-1',
  '0',
  '1',
  '1.5',
  '1e3',
  '0x10',
  'Infinity',
  '99999999999999999999',
  '5s',
  '-5s',
  '1e400s',
  'ci',
  'production',
  'embedded',
  'binary=/nowhere',
  'binary=/etc/passwd',
  'auto',
  'docker=',
  'http://',
  'http://[',
  'http://127.0.0.1:1',
  'http://127.0.0.1:99999',
  'http://user:pass@127.0.0.1:1',
  'https://127.0.0.1:1/',
  'http://127.0.0.1:1/?a#b',
  'ftp://x',
  'gemini=9201',
  'gemini=',
  '=9201',
  'gemini=99999',
  '__proto__=9201',
  'constructor',
  '__proto__',
  '/',
  '/dev/null',
  '/proc/self',
  '/nowhere/at/all',
  '../..',
  '*',
  '%s%n',
  '\u001B[2J',
  '::error::x',
  'é\u202Ex',
  '\uD800',
  'a\nb',
  'x'.repeat(5000),
  '$(id)',
  '@file',
  '--help',
  '-h',
  '--version',
  '--no-seed',
  '--seed=',
  '--json=1',
  'help',
]

export function argumentVector(random: Random, { sound, unplanned, bundle, takenPort }: Surroundings): string[] {
  const odd = (): string => pick(random, ODD)
  const flag = (): string[] => {
    const name = random.next() < 0.9 ? pick(random, flags) : odd()
    if (random.next() < 0.3) return [name]
    const value = random.next() < 0.85 ? odd() : pick(random, [sound, bundle, String(takenPort)])
    return random.next() < 0.3 ? [`${name}=${value}`] : [name, value]
  }
  const some = (most: number, make: () => string[]): string[] => Array.from({ length: random.integer(most + 1) }, make).flat()
  const name = (): string => pick(random, [sound, sound, 'fine', odd(), odd()])
  const command = pick(random, ['run', 'run', 'show', 'show', 'list', 'judge', 'judge', 'doctor', 'toxiproxy', 'help', odd()])
  if (command === 'run') return [...some(2, flag), 'run', ...some(2, () => [name()]), unplanned, ...some(3, flag)].slice(random.integer(2))
  if (command === 'show') return ['show', ...some(1, flag), name(), ...some(3, flag)]
  if (command === 'list') return ['list', ...some(3, flag)]
  if (command === 'judge') return ['judge', pick(random, [bundle, odd(), odd()]), ...some(2, flag)]
  // A whole measurement takes half a minute.
  if (command === 'doctor') return ['doctor', '--quick', ...some(1, () => ['--toxiproxy', odd()]), ...some(1, flag)]
  // With a configuration that is not there, it never serves.
  if (command === 'toxiproxy') {
    const own = (): string[] => [pick(random, ['--port', '--host', '--seed', '--metrics', '--config']), odd()]
    return ['toxiproxy', ...some(3, own), '--config', '/nowhere.json']
  }
  return [command, ...some(3, () => [odd()])]
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(from.length)]!
}
