// What `gatecrash init` writes into a project, and what it says: from what was asked for and what was found, to texts of files.
import { GatecrashError } from '../../kernel/errors.ts'
import { configSource } from './config-source.ts'
import type { FakeSketch } from './fakes/fake-sketch.ts'
import { fakeSource } from './fakes/fake-source.ts'
import {
  addressesIn,
  environmentFor,
  namesRequestIds,
  readyPathIn,
  startCommand,
  upstreamsIn,
  variablesIn,
  withChosenPort,
} from './gateway-facts.ts'
import { camelCase, isDeclarable } from './identifiers.ts'
import { firstScenarios } from './scenario-sources.ts'
import type { Surroundings } from './surroundings.ts'

export interface Asked {
  upstreams: readonly string[]
  /** A command or a URL; absent: found. */
  gateway?: string
}

export interface ProjectFile {
  /** Relative to the project, without its ending; any file of that name counts as there. */
  name: string
  ending: string
  text: string
}

export interface InitPlan {
  files: ProjectFile[]
  /** The npm script that runs the scenarios. */
  script: { name: string; command: string }
  /** What a person should look at, a sentence each. */
  advice: string[]
  /** What to type next. */
  next: string
}

/** Where upstreams or the gateway are neither named nor found. @throws GatecrashError `usage`, with the command line that names them */
export function checkAsked({ upstreams, gateway }: Asked, around: Surroundings): string {
  const found = upstreamsIn(variablesIn(around.sources))
  const command = gateway ?? startCommand(around)
  if (upstreams.length > 0 && command !== undefined) return withChosenPort(command)
  const missing = [
    ...(upstreams.length === 0 ? ['--upstreams, the services behind your gateway (or --openapi, a description of one)'] : []),
    ...(command === undefined ? ['--gateway, the command that starts it, or its URL'] : []),
  ]
  const names = upstreams.length > 0 ? upstreams : found.length > 0 ? found : ['orders', 'payments']
  const line = `npx gatecrash init --upstreams ${names.join(',')} --gateway "${command ?? 'node server.js'}"`
  throw new GatecrashError('usage', `init needs ${missing.join(', and ')}:\n  ${line}`)
}

/** @throws GatecrashError `usage` for names that no upstream can have, all of them */
export function checkNames(upstreams: readonly string[]): void {
  const problems = upstreams.flatMap((name, at) => {
    if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
      return [`"${name}": a name is lower-case letters, digits and single dashes, such as orders`]
    if (!isDeclarable(camelCase(name)) || OWN.has(camelCase(name)))
      return [`"${name}" is a word of the language or of Gatecrash; choose another`]
    return upstreams.indexOf(name) < at ? [`"${name}" is named twice`] : []
  })
  if (problems.length > 0) throw new GatecrashError('usage', `--upstreams: ${problems.join('; ')}`)
}

/** What the files import. */
const OWN = new Set(['defineUpstream', 'serveAlone', 'defineConfig', 'request'])

/** `gateway` is a command with its placeholders, or a URL. */
export function planInit(gateway: string, fakes: readonly FakeSketch[], around: Surroundings): InitPlan {
  const ending = endingFor(around)
  const names = fakes.map(({ name }) => name)
  const readyPath = readyPathIn(around.sources)
  const variables = variablesIn(around.sources)
  const config = configSource({
    gateway,
    environment: environmentFor(names, variables),
    readyPath: readyPath ?? '/healthz',
    addresses: addressesIn(around.sources),
    fakes: fakes.map((fake) => ({ fake, from: `./fakes/${around.fakes.find((file) => isNamed(file, fake.name)) ?? fake.name + ending}` })),
  })
  const scenarios = firstScenarios(names, namesRequestIds(around.sources))
  const run = `run ${scenarios.map(({ name }) => name).join(' ')}`
  return {
    files: [
      { name: 'gatecrash.config', ending, text: config },
      ...fakes.map((fake) => ({ name: `fakes/${fake.name}`, ending, text: fakeSource(fake) })),
      ...scenarios.map(({ name, text }) => ({ name: `scenarios/${name}`, ending, text })),
    ],
    script: { name: 'gatecrash', command: `gatecrash ${run}` },
    advice: [
      `See in gatecrash.config${ending} that paths (\`at\`) and variables (\`env\`) are those of your gateway.`,
      ...(readyPath === undefined
        ? ['No path was found that says when the gateway is ready: set `readyPath` to one that answers 2xx.']
        : []),
    ],
    next: `${{ npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn' }[around.packageManager]} gatecrash run ${scenarios[0]?.name}`,
  }
}

/** Whether a module is called so, whatever its ending. */
export function isNamed(file: string, name: string): boolean {
  return file.replace(/\.[cm]?[jt]s$/, '') === name && file !== name
}

/** Node strips types, so that a project needs no TypeScript for these. In a CommonJS package only .mts is a module. */
function endingFor({ manifest }: Surroundings): string {
  return manifest?.type === 'module' ? '.ts' : '.mts'
}
