// A secret in every place where a project, its scenario or a command line can hold one: nothing that a run leaves or prints has it.
import { appendFile, cp, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { start } from './gatecrash.ts'

const SECRET = 'S3kr1tMark0123456789'
const library = JSON.stringify(resolve('src/index.ts'))
let folder = ''

const config = `import { defineConfig, request } from ${library}
import { orders } from './fakes/orders.ts'
import { payments } from './fakes/payments.ts'

export default defineConfig({
  gateway: {
    command: 'API_TOKEN=${SECRET}-command node gateway.mjs --password ${SECRET}-flag',
    env: { SETTINGS: '{files.settings.json}', DB_PASSWORD: '${SECRET}-env', REDIS_URL: 'redis://:${SECRET}-redis@127.0.0.1:6399' },
    files: { 'settings.json': './settings.json.template' },
    headers: { 'x-config': '{upstreams.orders.url}', 'x-api-key': '${SECRET}-header' },
    readyPath: '/up',
  },
  upstreams: { orders, payments },
  routes: [
    request('order', {
      path: '/shop/orders/1?key=${SECRET}-query',
      reaches: ['orders'],
      identities: [{ name: 'alice', headers: { authorization: 'Bearer ${SECRET}-alice' } }],
    }),
    orders.createOrder({ at: '/shop/orders', bodies: [{ item: 1, password: '${SECRET}-body' }] }),
    payments.getPayment({ at: '/shop/payments/{id}' }),
  ],
  rate: 100,
})
`

/** On `gateway` the reference gateway is played; with `expects`, the one of the config is, and finds the settings all the same. */
const played = (known: 'gateway' | 'expects'): string => `import { errorRate, phase, reference, scenario, warmUp } from ${library}

const kept = { kind: 'static', status: 200, headers: { 'x-api-key': '${SECRET}-static' }, body: { token: '${SECRET}-answer' } }

export default scenario('secretive', {
  story: 'Nothing happens.',
  ${known}: ${known === 'gateway' ? 'reference' : ''}({
    orders: { fallback: kept },
    payments: {},
    server: { adminToken: '${SECRET}-admin', internalToken: '${SECRET}-internal', internalUpstreams: ['orders'] },
  }),
  phases: () => [warmUp('1s'), phase('steady', '4s')],
  criteria: [errorRate().during('steady').below('5%')],
})
`

const template = `{
  "orders": "{upstreams.orders.url}", "payments": "{upstreams.payments.url}",
  "apiKey": "${SECRET}-template", "headers": [{ "name": "authorization", "value": "Bearer ${SECRET}-pair" }]
}
`

// It says all that it knows, named and not.
const talkative = `
for (const [name, value] of Object.entries(process.env)) console.log(name + '=' + value)
for (const file of [process.env.SETTINGS, process.env.GATEWAY_CONFIG]) console.error(readFileSync(file, 'utf8'))
console.log('connecting with', process.env.DB_PASSWORD, JSON.parse(readFileSync(process.env.GATEWAY_CONFIG, 'utf8')).server.adminToken)
`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secretive-'))
  await cp('test/end-to-end/fixtures/shop', folder, { recursive: true })
  for (const fake of ['fakes/orders.ts', 'fakes/payments.ts']) {
    const text = await readFile(join(folder, fake), 'utf8')
    await writeFile(join(folder, fake), text.replace(/'[./]*\/src\/index\.ts'/, library))
  }
  await writeFile(join(folder, 'gatecrash.config.ts'), config)
  await writeFile(join(folder, 'scenarios', 'secretive.ts'), played('expects'))
  await writeFile(join(folder, 'settings.json.template'), template)
  await appendFile(join(folder, 'gateway.mjs'), talkative)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Each file below the folder that holds the secret, with the first line of it that does. */
async function holders(bundle: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir(bundle, { recursive: true })) {
    const path = join(bundle, name)
    if (!(await stat(path)).isFile()) continue
    const line = (await readFile(path, 'utf8')).split('\n').find((text) => text.includes(SECRET))
    if (line !== undefined) found.push(`${name}: ${line.slice(0, 300)}`)
  }
  return found
}

it('is in no file of the bundle, and nowhere on the terminal, and the bundle is judged again', async () => {
  await using run = await start(['run', 'secretive'], { cwd: folder })
  const { code, stdout, stderr } = await run.ended
  const bundle = await run.bundle('secretive')
  expect([0, 2], stderr).toContain(code)
  expect(await readdir(bundle)).toEqual(
    expect.arrayContaining(['gateway.json', 'gateway.log', 'gateway-files', 'junit.xml', 'report.html']),
  )
  expect(await readFile(join(bundle, 'gateway.log'), 'utf8')).toContain('SETTINGS=')
  expect(await holders(run.out)).toEqual([])
  expect(stdout + stderr).not.toContain(SECRET)

  await using again = await start(['judge', bundle, '--json'])
  const judged = await again.ended
  expect(JSON.parse(judged.stdout)).toEqual(await run.verdict('secretive'))
  expect(judged.stdout + judged.stderr).not.toContain(SECRET)
  expect(await holders(run.out)).toEqual([])
})

it('is in no file of the bundle of the reference gateway', async () => {
  await writeFile(join(folder, 'scenarios', 'secretive.ts'), played('gateway'))
  await using run = await start(['run', 'secretive'], { cwd: folder, env: { INTERNAL_TOKEN: `${SECRET}-variable`, LOG_LEVEL: 'trace' } })
  const { code, stdout, stderr } = await run.ended
  // What the config's routes ask is not where this gateway has its upstreams.
  expect([0, 1, 2], stderr).toContain(code)
  expect(await readFile(join(await run.bundle('secretive'), 'gateway.json'), 'utf8')).toContain('"adminToken": "***"')
  expect(await holders(run.out)).toEqual([])
  expect(stdout + stderr).not.toContain(SECRET)
})

it.each([{ flags: [] }, { flags: ['--json'] }, { flags: ['--origin'] }, { flags: ['--origin', '--json'] }])(
  'is in nothing that is shown with $flags',
  async ({ flags }) => {
    await using shown = await start(['show', 'secretive', ...flags], { cwd: folder })
    const { code, stdout, stderr } = await shown.ended
    expect(code, stderr).toBe(0)
    expect(stdout + stderr).not.toContain(SECRET)
  },
)

it('is in nothing that is left of a gateway that did not start', async () => {
  await writeFile(join(folder, 'gateway.mjs'), `import { readFileSync } from 'node:fs'${talkative}process.exit(1)\n`)
  await using run = await start(['run', 'secretive'], { cwd: folder })
  const { code, stdout, stderr } = await run.ended
  expect(code).toBeGreaterThan(2)
  expect(stderr).toContain('could not be played')
  expect(stdout + stderr).not.toContain(SECRET)
  expect(await holders(run.out)).toEqual([])
})

it.each([
  ['--gateway', `http://me:${SECRET}@127.0.0.1:1`],
  ['--toxiproxy', `http://me:${SECRET}@127.0.0.1:1`],
])('is in nothing that is left of %s with a password that nobody answers', async (...flags) => {
  await using run = await start(['run', 'secretive', ...flags, '--ready-within', '300ms'], { cwd: folder })
  const { code, stdout, stderr } = await run.ended
  expect(code, stderr).toBeGreaterThan(2)
  expect(stdout + stderr).not.toContain(SECRET)
  expect(await holders(run.out)).toEqual([])
})
