import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { type RepeatedFlags, commandOf } from '../../src/run/repeat-command.ts'
import { plan } from '../report/reference-run.ts'

const plain: RepeatedFlags = {
  policy: 'ci',
  gateway: { kind: 'reference' },
  toxiproxy: 'embedded',
  listen: {},
  readyPath: '/healthz',
  readyWithin: 15_000,
}
const gateway = (command: string): RepeatedFlags => ({ ...plain, gateway: { kind: 'command', command } })

it('names a listed scenario by its name, and another by its file', () => {
  expect(commandOf(plan, plain)).toBe('npm run scenario -- gemini-outage --seed 42')
  expect(commandOf({ ...plan, source: 'my/gemini-outage.ts' }, plain)).toBe('npm run scenario -- my/gemini-outage.ts --seed 42')
})

it('repeats every flag that matters', () => {
  const flags: RepeatedFlags = {
    policy: 'production',
    gateway: { kind: 'url', url: 'http://127.0.0.1:8080' },
    toxiproxy: 'binary=/opt/toxiproxy',
    listen: { gemini: 9201 },
    readyPath: '/ready',
    readyWithin: 60_000,
  }
  expect(commandOf(plan, flags)).toBe(
    'npm run scenario -- gemini-outage --seed 42 --policy production --gateway http://127.0.0.1:8080 --ready-path /ready --ready-within 60000ms --listen gemini=9201 --toxiproxy binary=/opt/toxiproxy',
  )
})

it.each(['node my.js', `node -e 'console.log("$HOME")'`, 'echo `date` \\ !', `it's`])(
  'quotes a command so that a shell gives it back: %s',
  (command) => {
    const quoted = commandOf(plan, gateway(command)).split('--gateway ')[1]!
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })).toBe(command)
  },
)

it('holds no secret, however it is quoted', () => {
  for (const command of [`KEY='a secret' gw`, `API_KEY="a secret" gw`, `gw --token 'a secret'`, `gw -H "Authorization: Bearer a secret"`])
    expect(commandOf(plan, gateway(command))).not.toContain('secret')
})
