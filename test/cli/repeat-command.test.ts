import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { addFlags } from '../../src/cli/flags/add-flags.ts'
import type { Flag } from '../../src/cli/flags/flag.ts'
import { type SomeValues, planOptions, rowsOf, written } from '../../src/cli/flags/flags.ts'
import { repeatCommand } from '../../src/cli/repeat-command.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { findScenario, planFound } from '../../src/project/find-scenario.ts'
import { candidatePlan } from '../../src/tuning/trial/candidate-plan.ts'
import { plan } from '../report/reference-run.ts'

const gateway = (command: string): SomeValues => ({ gateway: { kind: 'command', command } })

it('names a listed scenario by its name, and another by its file', () => {
  expect(repeatCommand(plan, {})).toBe('npm run scenario -- gemini-outage --seed 42')
  expect(repeatCommand({ ...plan, source: 'my/gemini-outage.ts' }, {})).toBe('npm run scenario -- my/gemini-outage.ts --seed 42')
})

it('repeats every flag that matters', () => {
  const values: SomeValues = {
    policy: 'production',
    gateway: { kind: 'url', url: 'http://127.0.0.1:8080' },
    toxiproxy: 'binary=/opt/toxiproxy',
    listen: { gemini: 9201 },
    readyPath: '/ready',
    readyWithin: 60_000,
  }
  expect(repeatCommand(plan, values)).toBe(
    'npm run scenario -- gemini-outage --seed 42 --policy production --gateway http://127.0.0.1:8080 --ready-path /ready --ready-within 60000ms --listen gemini=9201 --toxiproxy binary=/opt/toxiproxy',
  )
})

it.each(['node my.js', `node -e 'console.log("$HOME")'`, 'echo `date` \\ !', `it's`])(
  'quotes a command so that a shell gives it back: %s',
  (command) => {
    const quoted = repeatCommand(plan, gateway(command)).split('--gateway ')[1]!
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(command)
  },
)

it('holds no secret, however it is quoted', () => {
  for (const command of [`KEY='a secret' gw`, `API_KEY="a secret" gw`, `gw --token 'a secret'`, `gw -H "Authorization: Bearer a secret"`])
    expect(repeatCommand(plan, gateway(command))).not.toContain('secret')
})

it('leaves out what decides nothing, and what has its default', () => {
  expect(repeatCommand(plan, { repeat: 5, out: 'reports', json: true, policy: 'ci', listen: {} })).toBe(
    'npm run scenario -- gemini-outage --seed 42',
  )
})

it('keeps the folder of bundles', () => {
  expect(repeatCommand(plan, { out: 'my reports' })).toBe('npm run scenario -- gemini-outage --seed 42 --out "my reports"')
})

it('tells a file of the working directory from a name', () => {
  expect(repeatCommand({ ...plan, source: 'quick.ts' }, {})).toBe('npm run scenario -- ./quick.ts --seed 42')
})

it('names the program by its file outside the repository', () => {
  const inside = process.cwd()
  process.chdir('/')
  try {
    expect(repeatCommand({ ...plan, source: `${inside}/scenarios/gemini-outage.ts` }, {})).toBe(
      `node ${inside}/src/cli/main.ts run gemini-outage --seed 42`,
    )
  } finally {
    process.chdir(inside)
  }
})

it('repeats a candidate of a tuning in the story that it was tried in', async () => {
  const found = await findScenario('gemini-outage')
  const [settings, fixed] = [{ 'gemini.breaker.recovery': '8s' }, { 'gemini.retry.attempts': 2 }]
  const tried = candidatePlan(found, { settings, seed: 7 }, { settings: 'ci', overrides: fixed })
  const command = repeatCommand(tried, { seed: 7, set: fixed, candidate: settings })
  const words = 'gemini-outage --seed 7 --set gemini.retry.attempts=2 --candidate gemini.breaker.recovery=8s'
  expect(command).toBe(`npm run scenario -- ${words}`)
  const typed = addFlags(new Command('run').argument('<scenario>'), 'run').parse(words.split(' '), { from: 'user' }).opts<SomeValues>()
  expect(await planFound(found, planOptions(typed, found.source))).toEqual(tried)
})

// Each flag takes one of them.
const samples = [
  '7',
  'gemini.breaker.failures=10',
  '/ready',
  'gemini=9201',
  '1.5m',
  'traffic',
  'wasted-calls',
  'http://127.0.0.1:8080',
  'node my.js',
  calibrationFile(),
]

function calibrationFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'calibration-')), 'calibration.json')
  writeFileSync(file, JSON.stringify({ measured: { calibration: defaultCalibration } }))
  return file
}

/** A value that the flag reads from a text, and that is not its default. */
function sampleOf(row: Flag<unknown>): unknown {
  if (!row.parse) return true
  for (const text of samples)
    try {
      const value = row.parse(text, row.default)
      if (value !== row.default) return value
    } catch {
      continue
    }
  return undefined
}

it('repeats every flag that decides something: read again, the words give the same value', () => {
  const decisive = rowsOf({}).filter(({ row }) => row.repeat !== 'never')
  expect(decisive.length).toBeGreaterThan(5)
  for (const { name, row } of decisive) {
    const value = sampleOf(row)
    expect(value, `a sample for ${row.flag}`).toBeDefined()
    expect(row.parse ? written(row, value).reduce((sofar: unknown, text) => row.parse!(text, sofar), row.default) : value).toEqual(value)
    expect(repeatCommand(plan, { [name]: value })).toContain(row.flag.split(' ')[0])
  }
})
