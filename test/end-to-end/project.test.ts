// A project outside the repository, with a config: its own gateway, upstreams and paths, a file made from a template.
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Ended, start } from './gatecrash.ts'

const SHOP = 'test/end-to-end/fixtures/shop'
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-'))
  await cp(SHOP, folder, { recursive: true })
  // Nothing is installed there: what it imports is found in the repository.
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'))
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8')
    await writeFile(join(folder, file), text.replace(/'[./]*\/src\/index\.ts'/, JSON.stringify(resolve('src/index.ts'))))
  }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const change = async (file: string, find: string, put: string): Promise<void> => {
  const text = await readFile(join(folder, file), 'utf8')
  expect(text).toContain(find)
  await writeFile(join(folder, file), text.replace(find, put))
}

async function show(...args: string[]): Promise<Ended> {
  await using run = await start(['show', ...args], { cwd: folder })
  return await run.ended
}

it("plays a scenario on the config's gateway, with what the run makes for it, and judges it again elsewhere", async () => {
  await using run = await start(['run', 'failing-orders'], { cwd: folder })
  const { code, stderr } = await run.ended
  const bundle = await run.bundle('failing-orders')
  const verdict = await run.verdict('failing-orders')
  // Every request of it was refused if its header did not name the upstream's address.
  expect(
    verdict.findings.filter(({ result }) => result === 'fail'),
    stderr,
  ).toEqual([])
  expect([0, 2], stderr).toContain(code)
  expect(verdict.findings.map(({ criterion }) => criterion.kind)).toContain('unharmed')

  const record = JSON.parse(await readFile(join(bundle, 'run.json'), 'utf8')) as Record<string, unknown>
  expect(record).toMatchObject({
    seed: 7,
    gateway: { kind: 'command', command: 'node gateway.mjs' },
    config: { file: 'gatecrash.config.ts', upstreams: ['orders', 'payments'], ratePerSecond: 100 },
    command: expect.stringMatching(/run failing-orders .*--seed 7/) as string,
  })
  expect(record['command']).not.toContain('--gateway')
  const made = JSON.parse(await readFile(join(bundle, 'gateway-files', 'settings.json'), 'utf8')) as Record<string, string>
  expect(made).toEqual({
    orders: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    payments: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
  })

  await using again = await start(['judge', bundle, '--json'])
  expect(JSON.parse((await again.ended).stdout)).toEqual(verdict)
  expect(await run.left()).toEqual([])
})

it('plans a generic scenario of the package on the config', async () => {
  const { code, stdout } = await show('generic-outage', '--json')
  expect(code).toBe(0)
  const { upstreams, faults } = JSON.parse(stdout) as { upstreams: object; faults: { upstream: string }[] }
  expect(Object.keys(upstreams)).toEqual(['orders', 'payments'])
  expect(new Set(faults.map(({ upstream }) => upstream))).toEqual(new Set(['orders']))
})

it.each([
  ['an unknown setting', "readyPath: '/up'", "readyPat: '/up'", 'gateway.readyPat  unknown setting "readyPat"; did you mean "readyPath"?'],
  [
    'an unknown placeholder',
    '{upstreams.orders.url}',
    '{upstreams.order.url}',
    'gateway.headers.x-config  unknown placeholder {upstreams.order.url}; known: {PORT}, ',
  ],
  ['an unknown flag', 'seed: 7', 'sed: 7', 'flags.sed  unknown flag "sed"; did you mean "seed"?'],
  [
    'an error of its own',
    'export default',
    'throw new Error("no database")\nexport default',
    'gatecrash.config.ts:5 could not be loaded: Error: no database',
  ],
])('ends with 65 for a config with %s, and starts nothing', async (_, find, put, told) => {
  await change('gatecrash.config.ts', find, put)
  await using run = await start(['run', 'failing-orders'], { cwd: folder })
  const { code, stderr } = await run.ended
  expect(stderr.replaceAll(/ {2,}/g, '  ')).toContain(told)
  expect(code).toBe(65)
  expect(stderr).not.toContain(' at ')
})
