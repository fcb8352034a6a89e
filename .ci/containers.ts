// Writes docker-compose.yml, and what its containers read, from the systems and the fakes. A test says when they are out of date.
//
//   scenarios/systems/*.ts ──▶ .docker/gateways/<system>/<settings>.json, a gateway each, and the profile that starts it with its fakes
//   fake-upstreams/*.ts    ──▶ a service each, and its proxy in .docker/toxiproxy.json
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { GatewayInput } from '../src/scenario/scenario.ts'
import type { Upstream } from '../src/upstreams/define.ts'
import { type Fake, type System, composeFile, REDIS_PROXY, underTestFile } from './compose-files.ts'

const GATEWAYS = '.docker/gateways'
const PORTS = { proxy: 8666, traffic: 9101, control: 9201 }

/** Texts by path. */
export async function containerFiles(): Promise<Map<string, string>> {
  const fakes = await loadFakes()
  const systems = await loadSystems(fakes)
  const proxies = fakes.map(({ name, proxy, traffic }) => ({
    name,
    listen: `[::]:${proxy}`,
    upstream: `${name}:${traffic}`,
    enabled: true,
  }))
  proxies.push({ name: 'redis', listen: `[::]:${REDIS_PROXY}`, upstream: 'redis:6379', enabled: true })
  return new Map([
    ['docker-compose.yml', composeFile(systems, fakes)],
    ['.docker/under-test.yml', underTestFile(named(systems, 'podcast'))],
    ['.docker/toxiproxy.json', `[\n${proxies.map((proxy) => `  ${JSON.stringify(proxy)}`).join(',\n')}\n]\n`],
    ...systems.flatMap(({ name, settings }) =>
      [...settings].map(([each, config]) => [`${GATEWAYS}/${name}/${each}.json`, `${JSON.stringify(config, null, 2)}\n`] as const),
    ),
  ])
}

async function loadFakes(): Promise<Fake[]> {
  const files = globSync('fake-upstreams/*.ts').toSorted()
  const found = await Promise.all(files.map(async (file) => ({ file, name: nameIn(await load(file)) })))
  // A module beside the fakes that is none itself has no service.
  const fakes = found.flatMap(({ file, name }) => (name === undefined ? [] : [{ file, name }]))
  return fakes.map(({ file, name }, at) => ({
    file,
    name,
    proxy: PORTS.proxy + at,
    traffic: PORTS.traffic + at,
    control: PORTS.control + at,
  }))
}

/** Systems that say how their gateway is set. */
async function loadSystems(fakes: readonly Fake[]): Promise<System[]> {
  const names = globSync('scenarios/systems/*.ts').map((file) => basename(file, '.ts'))
  const found = await Promise.all(names.toSorted().map(async (name) => [name, await load(`scenarios/systems/${name}.ts`)] as const))
  return found.flatMap(([name, { gateway, upstreams }]) => {
    if (gateway === undefined || upstreams === undefined) return []
    const own = Object.keys(upstreams).map((upstream) => named(fakes, upstream))
    const settings = Object.entries(gateway).map(([each, written]) => [each, configOf(written, own)] as const)
    return [{ name, fakes: own, settings: new Map(settings) }]
  })
}

/** As GATEWAY_CONFIG has it: the policies of upstreams apart from the gateway's own settings. */
function configOf(written: object, fakes: readonly Fake[]): object {
  const isUpstream = ([key]: [string, unknown]): boolean => fakes.some(({ name }) => name === key)
  const entries = Object.entries(written)
  return {
    upstreams: Object.fromEntries(entries.filter(isUpstream)),
    ...Object.fromEntries(entries.filter((entry) => !isUpstream(entry))),
  }
}

interface Loaded {
  gateway?: GatewayInput
  upstreams?: Record<string, Upstream>
}

async function load(file: string): Promise<Loaded> {
  return (await import(resolve(file))) as Loaded
}

/** The name of the upstream that a module exports. */
function nameIn(module: object): string | undefined {
  return Object.values(module as Record<string, Partial<Upstream>>).find(({ name, routes }) => name !== undefined && routes !== undefined)
    ?.name
}

function named<One extends { name: string }>(some: readonly One[], name: string): One {
  const found = some.find((one) => one.name === name)
  if (!found) throw new Error(`there is no ${name} among ${some.map((one) => one.name).join(', ')}`)
  return found
}

if (import.meta.main) {
  rmSync(GATEWAYS, { recursive: true, force: true })
  for (const [file, text] of await containerFiles()) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
