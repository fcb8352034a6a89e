import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Kept } from '../../../../src/kernel/process/kept.ts'
import type { GatewayChoice } from '../../../../src/plan/gateway-choice.ts'
import { placeholderValues } from '../../../../src/plan/placeholders.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import { type GatewayFiles, filesIn, makeGatewayFiles } from '../../../../src/stage/live/gateway/gateway-files.ts'
import { plan as reference } from '../../../report/reference-run.ts'

const plan: Plan = { ...reference, gateway: { ...reference.gateway, server: { adminToken: 'admin-token-1', inFlight: 500 } } }
const choice: GatewayChoice = { kind: 'command', command: 'gw', env: { DB_PASSWORD: 'database-1' } }
let folder = ''
let kept: Kept[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-files-'))
  kept = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const make = (chosen: GatewayChoice = choice): Promise<GatewayFiles> =>
  makeGatewayFiles(plan, {
    folder,
    choice: chosen,
    values: placeholderValues(8080, {}, filesIn(folder, chosen)),
    keep: (what) => {
      kept.push(what)
      return () => void kept.splice(kept.indexOf(what), 1)
    },
  })

const read = (...path: string[]): Promise<string> => readFile(join(folder, ...path), 'utf8')

it('gives the gateway its settings as they are, and keeps them without secrets', async () => {
  await using files = await make()
  expect(JSON.parse(await readFile(files.configPath, 'utf8'))).toMatchObject({ server: { adminToken: 'admin-token-1', inFlight: 500 } })
  expect(JSON.parse(await read('gateway.json'))).toMatchObject({ server: { adminToken: '***', inFlight: 500 }, seed: plan.seed })
})

it('does the same with what is made from templates', async () => {
  const template = join(folder, 'nginx.template')
  await writeFile(template, 'listen {PORT};\nproxy_set_header X-Api-Key abc123;\nproxy_set_header Host $host;\n# database-1\n')
  const chosen: GatewayChoice = { ...choice, files: { 'nginx.conf': template } }
  await using _ = await make(chosen)
  expect(await readFile(filesIn(folder, chosen)['nginx.conf']!, 'utf8')).toContain('listen 8080;\nproxy_set_header X-Api-Key abc123;')
  expect(await read('gateway-files', 'nginx.conf')).toBe(
    'listen 8080;\nproxy_set_header X-Api-Key ***;\nproxy_set_header Host $host;\n# ***\n',
  )
})

it('leaves nothing of them when it is disposed of, and lets the keeper do that for a conductor that is gone', async () => {
  const files = await make()
  expect(kept).toEqual([{ is: 'folder', path: join(folder, 'private') }])
  await files[Symbol.asyncDispose]()
  expect(kept).toEqual([])
  expect(await readdir(folder)).toEqual(['gateway.json'])
})

it('leaves nothing when a template cannot be read', async () => {
  const chosen: GatewayChoice = { ...choice, files: { 'nginx.conf': join(folder, 'none') } }
  await expect(make(chosen)).rejects.toThrow('of {files.nginx.conf} cannot be read')
  expect(kept).toEqual([])
  expect(await readdir(folder)).toEqual(['gateway.json'])
})

it('keeps what the gateway said without secrets, also those that it does not name', async () => {
  const files = await make()
  const key = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIabc', 'MIIdef', '-----END RSA PRIVATE KEY-----']
  const said = [
    'listening on 8080',
    'connected with database-1',
    'authorization: Bearer abc',
    'request 1',
    ...key,
    'x'.repeat(5000),
    'last',
  ]
  await writeFile(files.logPath, said.join('\n'))
  await files[Symbol.asyncDispose]()
  expect((await read('gateway.log')).split('\n')).toEqual([
    'listening on 8080',
    'connected with ***',
    'authorization: ***',
    'request 1',
    '***',
    `${'x'.repeat(4096)} [and 904 more characters]`,
    'last',
    '',
  ])
})

it('keeps no log of a gateway that was running already', async () => {
  const files = await make({ kind: 'url', url: 'http://127.0.0.1:8080' })
  await files[Symbol.asyncDispose]()
  expect(await readdir(folder)).toEqual(['gateway.json'])
})
