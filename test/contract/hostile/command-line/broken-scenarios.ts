// Scenario files with something broken in them, drawn from a seed.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Random } from '../../../../src/kernel/random.ts'

const index = JSON.stringify(resolve('src/index.ts'))
const gemini = JSON.stringify(resolve('fake-upstreams/gemini.ts'))

const SOUND = `import { blackhole, breaker, errorRate, p95, perSecond, phase, reference, scenario, status, times, warmUp } from ${index}
import { gemini } from ${gemini}

export default scenario('NAME', {
  story: 'A story.',
  upstreams: { gemini },
  gateway: reference({ gemini: { breaker: { failures: 5, recovery: '5s' }, retry: { attempts: 3 }, fallback: 'cached' } }),
  load: { rate: perSecond(200), arrivals: 'poisson', mix: [gemini.listModels(), gemini.countTokens({ weight: 3 })] },
  phases: ({ gateway }) => [
    warmUp('3s'),
    phase('steady', '20s'),
    phase('outage', times(2, gateway.gemini.breaker.recovery), status('gemini', 503), blackhole('gemini')),
    phase('recovery', '20s'),
  ],
  criteria: [
    breaker('gemini').opensWithin('2s').of('outage'),
    errorRate().during('recovery').below('5%'),
    p95().of('gemini').during('steady').below('1s'),
  ],
})
`

// Not the imports: a file that cannot find a package has a test of its own.
const BODY_AT = SOUND.indexOf('export default')
const tokens: readonly string[] = SOUND.slice(BODY_AT).match(/'[^']*'|\w+|\s+|[^\w\s]/g) ?? []

const ODD = [
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e309',
  '1e9',
  '1n',
  "''",
  "'x'",
  "'-5s'",
  "'999999h'",
  "'steady'",
  "'__proto__'",
  "'constructor'",
  '{}',
  '[]',
  '[null]',
  '() => {}',
  'async () => []',
  'Symbol()',
  'new Proxy({}, {})',
  'new Map()',
  'gemini',
  'phase',
  'scenario',
  'gateway',
  'await 1',
  'throw 1',
  '...',
  '`${',
  '/*',
  ')',
  '}',
  ',',
  'true',
]

/** Writes a scenario file of this name into `folder`, and returns its path. */
export function writeBrokenScenario(folder: string, name: string, random: Random): string {
  let changed = tokens
  for (let times = 1 + random.integer(3); times > 0; times--) changed = broken(changed, random)
  const path = join(folder, `${name}.ts`)
  writeFileSync(path, (SOUND.slice(0, BODY_AT) + changed.join('')).replace("'NAME'", `'${name}'`))
  return path
}

function broken(text: readonly string[], random: Random): string[] {
  const at = random.integer(text.length)
  const kind = random.integer(5)
  const odd = ODD[random.integer(ODD.length)]!
  if (kind === 0) return text.toSpliced(at, 1)
  if (kind === 1) return text.toSpliced(at, 1, odd)
  if (kind === 2) return text.toSpliced(at, 0, odd)
  if (kind === 3) return text.toSpliced(at, 0, text[random.integer(text.length)]!)
  return text.toSpliced(at, 1 + random.integer(6))
}
