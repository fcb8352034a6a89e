import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addFlags } from '../../src/cli/flags/add-flags.ts'
import {
  allValues,
  calibrationOf,
  flagProblems,
  flags,
  planOptions,
  rowsOf,
  type SomeValues,
  stageOptions,
  takenBy,
} from '../../src/cli/flags/flags.ts'
import { misspeltVariables, variableOf } from '../../src/cli/flags/environment.ts'
import type { GatecrashError } from '../../src/kernel/errors.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { plan } from '../report/reference-run.ts'

/** The values of a `run` with these words. */
const typed = (...words: string[]): SomeValues => typedIn({}, ...words)

/** The same in an environment of these variables. */
function typedIn(environment: NodeJS.ProcessEnv, ...words: string[]): SomeValues {
  const command = addFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }), 'run', { environment })
  return command
    .action(() => {})
    .parse(words, { from: 'user' })
    .opts<SomeValues>()
}

describe('the flags', () => {
  it('stand in the table under the names that commander gives their values', () => {
    const command = new Command()
    for (const { name, row } of rowsOf({})) {
      const [option] = command.createOption(row.flag, row.text).attributeName().split(' ')
      expect(option).toBe(name)
    }
    expect(Object.keys(flags).length).toBeGreaterThan(5)
  })

  it('are known by the command that takes them', () => {
    expect(takenBy('run', { seed: 7, trials: 40, confirm: 2, out: 'there' })).toEqual({ seed: 7, out: 'there' })
  })

  it('have the defaults of their rows when nothing was typed', () => {
    expect(allValues(typed())).toEqual(Object.fromEntries(rowsOf({}).map(({ name, row }) => [name, row.default])))
  })

  it('say how to plan and where to play', () => {
    const values = typed(
      '--seed',
      '7',
      '--policy',
      'production',
      '--gateway',
      'node my.js',
      '--ready-within',
      '1m',
      '--listen',
      'gemini=9201',
    )
    expect(planOptions(values, 'scenarios/x.ts')).toEqual({ seed: 7, settings: 'production', isForeign: true, source: 'scenarios/x.ts' })
    expect(stageOptions(values)).toEqual({
      gateway: { kind: 'command', command: 'node my.js' },
      readyPath: '/healthz',
      readyWithinMs: 60_000,
      toxiproxy: 'embedded',
      listen: { gemini: 9201 },
    })
  })

  it('may be given again where they say so', () => {
    expect(typed('--listen', 'gemini=9201', '--listen', 'jira=9202').listen).toEqual({ gemini: 9201, jira: 9202 })
  })

  it('read what is expected of a gateway from words, and from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'expect-')), 'expects.json')
    writeFileSync(file, JSON.stringify({ gemini: { breaker: { failures: 10 }, retry: { on: ['5xx'] }, fallback: null } }))
    const { expect: values } = typed('--expect', 'gemini.breaker.recovery=5s', '--expect', 'gemini.breaker.failures=7', '--expect', file)
    expect(values).toEqual({
      'gemini.breaker.recovery': '5s',
      'gemini.breaker.failures': 10,
      'gemini.retry.on': ['5xx'],
      'gemini.fallback': undefined,
    })
    expect(planOptions({ expect: { 'gemini.retry.attempts': 2 } }, 'x.ts').overrides).toEqual({ 'gemini.retry.attempts': 2 })
    expect(typed('--expect', 'gemini.breaker=none').expect).toEqual({ 'gemini.breaker': undefined })
  })

  it('write what is expected as it can be typed again', () => {
    const values = {
      'gemini.breaker.recovery': '5s',
      'gemini.retry.on': ['5xx'],
      'gemini.breaker.failures': 7,
      'gemini.fallback': undefined,
    }
    const words = flags.expect.write!(values).flatMap((word) => ['--expect', word])
    expect(typed(...words).expect).toEqual(values)
  })

  it.each([
    [['--expect', 'gemini=5'], 'write UPSTREAM.POLICY.SETTING=VALUE'],
    [['--expect', 'no-such-file.json'], 'no-such-file.json cannot be read as JSON'],
    [['--seed', '-1'], 'give a whole number from 0 on'],
    [['--repeat', '0'], 'give a whole number from 1 on'],
    [['--gateway', ' '], 'give a command or a URL'],
    [['--gateway', 'http://localhost:1/v1'], 'give the URL without a path'],
    [['--ready-path', 'healthz'], 'give a path that begins with a slash'],
    [['--ready-within', 'soon'], 'not a duration: "soon"'],
    [['--listen', 'gemini'], 'write UPSTREAM=PORT'],
    [['--listen', 'gemini=70000'], 'write UPSTREAM=PORT'],
  ])('refuse %j, and say what to write', (words, message) => {
    expect(() => typed(...words)).toThrow(message)
  })

  it.each([
    [{ gemnii: 9201 }, '--listen gemnii=9201: unknown upstream "gemnii"; did you mean "gemini"?'],
    [{ gemini: 9201, assemblyai: 9201 }, '--listen: port 9201 is given to two upstreams'],
  ])('are checked against the plans: --listen %j', (listen, message) => {
    const two = { ...plan, upstreams: { ...plan.upstreams, assemblyai: { module: 'm', export: 'e' } } }
    expect(flagProblems({ listen }, [two]).map((error) => error.message)).toEqual([expect.stringContaining(message)])
  })
})

describe('the variables of the environment', () => {
  it('stand for flags that were not typed, and are read as these are', () => {
    const environment = {
      GATECRASH_SEED: '7',
      GATECRASH_READY_WITHIN: '1m',
      GATECRASH_JSON: '1',
      GATECRASH_BAIL: 'false',
      GATECRASH_LISTEN: 'gemini=9201\njira=9202\n',
    }
    expect(typedIn(environment)).toMatchObject({
      seed: 7,
      readyWithin: 60_000,
      json: true,
      bail: false,
      listen: { gemini: 9201, jira: 9202 },
    })
    expect(typedIn(environment, '--seed', '8', '--listen', 'orders=9203')).toMatchObject({ seed: 8, listen: { orders: 9203 } })
  })

  it.each(['', ' '])('are none when they are empty: %j', (text) => {
    expect(typedIn({ GATECRASH_SEED: text, GATECRASH_JSON: text }).seed).toBe(flags.seed.default)
  })

  it('exist for each flag, and no two flags share one', () => {
    const rows = rowsOf({}).map(({ row }) => row)
    const names = rows.map((row) => variableOf(row))
    expect(new Set(names).size).toBe(rows.length)
    expect(names).toContain('GATECRASH_READY_PATH')
  })

  it('are named when their value is wrong, all at once, with what is wrong on the command line', () => {
    const environment = { GATECRASH_SEED: '-1', GATECRASH_JSON: 'maybe', GATECRASH_REPEAT: '0' }
    expect(() => typedIn(environment, '--repeat', '2', '--rate', 'fast')).toThrow(
      [
        '--rate fast: give a whole number from 1 to 1000000',
        'GATECRASH_SEED=-1: give a whole number from 0 on',
        'GATECRASH_JSON=maybe: give 1 or 0',
      ].join('\n'),
    )
  })

  it('are suspected of a slip of the keyboard, unless they may be meant for something else', () => {
    const rows = rowsOf({}).map(({ row }) => row)
    expect(misspeltVariables({ GATECRASH_SEEED: '7', GATECRASH_SEED: '7', GATECRASH_IMAGE_NAME: 'x', PATH: '/bin' }, rows)).toEqual([
      'GATECRASH_SEEED is the variable of no flag; did you mean "GATECRASH_SEED"?',
    ])
  })
})

describe('what is set, and what is expected', () => {
  const said = (values: SomeValues): string[] => flagProblems(values, []).map(({ message }) => message)
  const mine = { kind: 'command', command: 'node my.js' } as const

  it('is refused of a gateway on which it cannot act', () => {
    expect(said({ set: { 'gemini.breaker.failures': 3 }, gateway: mine })).toEqual([
      '--set gemini.breaker.failures=3: only the reference gateway can be set from here; configure yours itself, and say with --expect gemini.breaker.failures=3 what it is to do',
    ])
    expect(said({ expect: { 'gemini.breaker': undefined } })).toEqual([
      '--expect gemini.breaker=none: the reference gateway does as it is set; set it with --set gemini.breaker=none, or name your gateway with --gateway',
    ])
  })

  it('reaches the plan by its path', () => {
    expect(said({ set: { 'gemini.breaker.failures': 3 } })).toEqual([])
    expect(said({ expect: { 'gemini.breaker.failures': 3 }, gateway: mine })).toEqual([])
    expect(planOptions({ set: { 'server.inFlight': 500 } }, 'x.ts').overrides).toEqual({ 'server.inFlight': 500 })
  })
})

describe('the machine that is simulated', () => {
  const folder = mkdtempSync(join(tmpdir(), 'calibration-'))
  const file = join(folder, 'calibration.json')
  const slow = { ...defaultCalibration, gatewayWork: 5 }
  writeFileSync(file, JSON.stringify({ schemaVersion: 1, host: 'another', measured: { calibration: slow, samples: {} } }))

  it('is the one of the file, by which what cannot be simulated is refused too', () => {
    expect(calibrationOf(typed('--simulate', '--calibration', file))).toEqual(slow)
    expect(calibrationOf(typed('--simulate'))).toEqual(defaultCalibration)
    const [refusal] = flagProblems(typed('--simulate', '--calibration', file), [{ ...plan, faults: [], criteria: [] }])
    expect(refusal?.message).toMatch(/load\.rate +\d+ requests a second would take .* of a core/)
  })

  it('is no live one', () => {
    expect(flagProblems(typed('--calibration', file), [plan]).map(({ code, message }) => [code, message])).toEqual([
      ['usage', `--calibration ${file}: a live run has a machine of its own; add --simulate, or leave it out`],
    ])
  })

  it('is refused as a configuration, with what else is wrong', () => {
    writeFileSync(join(folder, 'empty.json'), '{}')
    const told: GatecrashError[] = []
    const command = addFlags(new Command('run'), 'run', { environment: {}, mistakes: { add: (errors) => void told.push(...errors) } })
    command.action(() => {}).parse(['--rate', 'x', '--calibration', join(folder, 'empty.json'), '--out', 'here'], { from: 'user' })
    expect(told.map(({ code }) => code)).toEqual(['usage', 'invalid_config'])
    expect(() => typed('--calibration', join(folder, 'none.json'))).toThrow(
      /none\.json: cannot be read \(ENOENT.*; name a file that is there/,
    )
  })
})

it.each(['', ' '])('refuse a folder without a name: %j', (name) => {
  expect(() => typed('--out', name)).toThrow(/give the name of a folder/)
})

it('tells unknown flags with what else is wrong, and takes neither them nor their values for names of scenarios', async () => {
  const told: string[] = []
  let played: string[] = []
  const command = addFlags(new Command('run').argument('[scenario...]').exitOverride(), 'run', {
    environment: {},
    mistakes: { add: (errors) => void told.push(...Array.from(errors, ({ message }) => message)) },
  })
  command.action((words: string[]) => void (played = words))
  await command.parseAsync(['steady', '--sed', '4', '--rate', 'x', '--quick', 'outage', 'last'], { from: 'user' })
  expect(told.toSorted()).toEqual([
    '--rate x: give a whole number from 1 to 1000000',
    "unknown option '--quick'; gatecrash run --help lists them",
    'unknown option \'--sed\'; did you mean "--seed"?',
  ])
  expect(played).toEqual(['steady', 'last'])
})
