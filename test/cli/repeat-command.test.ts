import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { type SomeValues, flags, rowsOf, written } from '../../src/cli/flags/flags.ts'
import { repeatCommand } from '../../src/cli/repeat-command.ts'
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
  expect(repeatCommand(plan, { repeat: 5, out: '/elsewhere', json: true, policy: 'ci', listen: {} })).toBe(
    'npm run scenario -- gemini-outage --seed 42',
  )
})

const typed: { readonly [Name in keyof typeof flags]?: string[] } = {
  seed: ['7'],
  policy: ['production'],
  gateway: ['node my.js'],
  readyPath: ['/ready'],
  readyWithin: ['1.5m'],
  listen: ['gemini=9201', 'jira=9202'],
  toxiproxy: ['http://127.0.0.1:8474'],
}

it('repeats every flag that decides something: read again, the words give the same value', () => {
  for (const { name, row } of rowsOf({})) {
    const words = typed[name as keyof typeof flags]
    if (row.repeat === 'never') continue
    expect(words, `an example of ${row.flag}`).toBeDefined()
    const read = (texts: readonly string[]): unknown => texts.reduce((sofar, text) => row.parse!(text, sofar), row.default)
    const value = read(words!)
    expect(read(written(row, value))).toEqual(value)
    const command = repeatCommand(plan, { [name]: value })
    expect(command).toContain(`${row.flag.split(' ')[0]} `)
  }
})
