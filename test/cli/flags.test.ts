import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addFlags, allValues, checkFlags, flags, planOptions, rowsOf, type SomeValues, stageOptions } from '../../src/cli/flags/flags.ts'
import { plan } from '../report/reference-run.ts'

/** The values of a `run` with these words. */
function typed(...words: string[]): SomeValues {
  const command = addFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }), 'run')
  return command.parse(words, { from: 'user' }).opts<SomeValues>()
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
    expect(() => checkFlags({ listen }, [two])).toThrow(message)
  })
})

it.each(['', ' '])('refuse a folder without a name: %j', (name) => {
  expect(() => typed('--out', name)).toThrow(/give the name of a folder/)
})
