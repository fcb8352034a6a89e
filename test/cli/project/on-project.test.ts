// A command line on a project: which of a flag, a variable, the scenario and the config counts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { afterAll, expect, it } from 'vitest'
import { addFlags } from '../../../src/cli/flags/add-flags.ts'
import type { SomeValues } from '../../../src/cli/flags/flags.ts'
import { originsOf } from '../../../src/cli/project/origins.ts'
import { type OnProject, onProject, planOn, valuesFor } from '../../../src/cli/project/on-project.ts'
import { reference } from '../../../src/scenario/scenario.ts'
import type { FoundScenario } from '../../../src/project/find-scenario.ts'
import { findScenario } from '../../../src/project/find-scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'on-project-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const index = JSON.stringify(resolve('src/index.ts'))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
writeFileSync(
  join(folder, 'fakes.ts'),
  `import { defineUpstream } from ${index}
const routes = { read: { method: 'GET', path: '/read', reply: () => ({ body: {} }) }, write: { method: 'POST', path: '/write', reply: () => ({ body: {} }) } }
export const orders = defineUpstream(import.meta, { name: 'orders', latency: '1ms', routes })
export const payments = defineUpstream(import.meta, { name: 'payments', latency: '1ms', routes })`,
)
writeFileSync(
  join(folder, 'gatecrash.config.ts'),
  `import { defineConfig } from ${index}
import { orders, payments } from './fakes.ts'
export default defineConfig({
  gateway: { command: 'node server.js {PORT}', env: { ORDERS: '{upstreams.orders.url}' }, headers: { 'x-a': '1' }, readyPath: '/up', readyWithin: '20s' },
  upstreams: { orders, payments },
  rate: 120,
  expects: { orders: { breaker: { failures: 10 } }, payments: { retry: undefined } },
  flags: { seed: 7, out: 'build', toxiproxy: 'auto', listen: ['orders=9201'] },
})`,
)

interface Typed {
  on: OnProject
  command: Command
}

async function typed(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Typed> {
  const command = new Command('run').exitOverride()
  let given: SomeValues = {}
  addFlags(command, 'run', { environment }).action((values: SomeValues) => void (given = values))
  await command.parseAsync(args, { from: 'user' })
  return { on: await onProject(command, given, folder), command }
}

const generic = (): Promise<FoundScenario> => findScenario('generic-outage')

it('takes flags from the command line, then from variables, then from the config, then their defaults', async () => {
  expect((await typed([])).on.values).toMatchObject({ seed: 7, out: 'build', toxiproxy: 'auto', listen: { orders: 9201 }, policy: 'ci' })
  expect((await typed(['--seed', '9'], { GATECRASH_OUT: 'elsewhere' })).on.values).toMatchObject({ seed: 9, out: 'elsewhere' })
  expect((await typed(['--out', 'typed'], { GATECRASH_OUT: 'elsewhere' })).on.values).toMatchObject({ out: 'typed' })
})

it('repeats a run with what was given alone', async () => {
  const { on } = await typed(['--rate', '50'], { GATECRASH_OUT: 'elsewhere' })
  expect(on.given).toEqual({ rate: 50, out: 'elsewhere' })
})

it("plays a scenario without a gateway on the config's, in the config's folder", async () => {
  const { scenario } = await generic()
  const { gateway, readyPath, readyWithin } = valuesFor(scenario, (await typed([])).on)
  expect(gateway).toEqual({
    kind: 'command',
    command: 'node server.js {PORT}',
    folder,
    env: { ORDERS: '{upstreams.orders.url}' },
    files: {},
  })
  expect([readyPath, readyWithin]).toEqual(['/up', 20_000])
})

it('lets --gateway win, with the variables of the config, where it is typed', async () => {
  const { scenario } = await generic()
  const own = valuesFor(scenario, (await typed(['--gateway', 'node other.js', '--ready-path', '/other'])).on)
  expect(own.gateway).toEqual({ kind: 'command', command: 'node other.js', env: { ORDERS: '{upstreams.orders.url}' }, files: {} })
  expect([own.readyPath, own.readyWithin]).toEqual(['/other', 20_000])
  expect(valuesFor(scenario, (await typed(['--gateway', 'http://127.0.0.1:1'])).on).gateway).toEqual({
    kind: 'url',
    url: 'http://127.0.0.1:1',
  })
})

it('plays a scenario that names settings of the reference gateway on that one', async () => {
  const { scenario } = await generic()
  const own = { ...scenario, input: { ...scenario.input, gateway: reference({}) } }
  expect(valuesFor(own, (await typed([])).on)).toMatchObject({ gateway: { kind: 'reference' }, readyPath: '/healthz' })
})

it('plans on the system of the config, with its headers', async () => {
  const { on } = await typed([])
  const found = await generic()
  const plan = await planOn(found, valuesFor(found.scenario, on), on)
  expect(plan.seed).toBe(7)
  expect(Object.keys(plan.upstreams)).toEqual(['orders', 'payments'])
  expect(plan.load.mix[0]?.headers).toEqual({ 'x-a': '1' })
  expect(plan.gateway.expects).toEqual({ orders: ['breaker'], payments: ['retry'] })
})

it('refuses a placeholder that the upstreams of a scenario do not have', async () => {
  const { on } = await typed([])
  const found = await findScenario('gemini-outage')
  const { gateway: _reference, ...input } = found.scenario.input
  const without = { ...found, scenario: { ...found.scenario, input } }
  await expect(planOn(without, valuesFor(without.scenario, on), on)).rejects.toThrow(
    'gateway.env.ORDERS  unknown placeholder {upstreams.orders.url}; known: {PORT}, {upstreams.gemini.url}',
  )
})

it('says where each setting comes from', async () => {
  const { on, command } = await typed(['--rate', '80', '--expect', 'orders.retry.attempts=2'], { GATECRASH_POLICY: 'production' })
  const found = await generic()
  const values = valuesFor(found.scenario, on)
  const origins = originsOf(await planOn(found, values, on), found, values, on, command)
  const from = (setting: string): unknown => {
    const { value, from: place } = origins.find((each) => each.setting === setting) ?? {}
    return [value, place?.replace(folder, '')]
  }
  const config = '/gatecrash.config.ts'
  expect(from('upstreams')).toEqual(['orders, payments', config])
  expect(from('load.rate')).toEqual(['80/s', '--rate'])
  expect(from('gateway')).toEqual(['node server.js {PORT}', config])
  expect(from('gateway.readyWithin')).toEqual(['20 s', config])
  expect(from('orders.breaker.failures')).toEqual(['10', config])
  expect(from('orders.breaker.recovery')).toEqual(['60000', 'common default'])
  expect(from('orders.breaker.probes')).toEqual(['1', "default of the setting's own"])
  expect(from('orders.retry.attempts')).toEqual(['2', '--expect'])
  expect(from('payments.retry')).toEqual(['none', config])
  expect(from('--policy')).toEqual(['production', 'GATECRASH_POLICY'])
  expect(from('--seed')).toEqual(['7', config])
  expect(from('--toxiproxy')).toEqual(['auto', config])
  expect(from('--grep')).toEqual([undefined, undefined])
})
