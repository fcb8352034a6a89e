// Programs that some tests need and a machine may lack. A test asks here and skips by `describe.skipIf(!docker.available)`.
// Every answer is printed as one stable line, and .ci/run reads those lines: what is installed must not be skipped.
//
//   used: chromium: /usr/bin/chromium
//   skipped: docker: no engine answers
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { IMAGE } from '../src/toxiproxy/backends/docker.ts'

export type Component = { available: true; path: string } | { available: false; reason: string }
export type ComponentName = keyof typeof components

const TOXIPROXY_CACHE = join(import.meta.dirname, '..', '.cache', 'toxiproxy', '2.12.0')

const FOREIGN_CACHE = join(import.meta.dirname, '..', '.cache', 'foreign')

const components = {
  chromium: () => firstOf([process.env['CHROMIUM'], ...onPath('chromium', 'chromium-browser', 'google-chrome')]),
  'redis-server': () => firstOf(onPath('redis-server')),
  // The Go module installs its programs as `server` and `cli`; the packages of Linux distributions give them longer names.
  'toxiproxy-server': () => firstOf([process.env['TOXIPROXY_SERVER'], ...onPath('toxiproxy-server'), join(TOXIPROXY_CACHE, 'server')]),
  'toxiproxy-cli': () =>
    firstOf([besideToxiproxy(process.env['TOXIPROXY_SERVER']), ...onPath('toxiproxy-cli'), join(TOXIPROXY_CACHE, 'cli')]),
  promtool: () => firstOf(onPath('promtool')),
  /** With the image of Toxiproxy, which all tests that use it start. */
  docker: () => {
    const client = firstOf(onPath('docker'))
    if (!client.available) return client
    if (!answers(client.path, ['info'])) return { available: false, reason: 'no engine answers' }
    const hasImage = answers(client.path, ['image', 'inspect', IMAGE]) || answers(client.path, ['pull', '--quiet', IMAGE], 120_000)
    return hasImage ? client : { available: false, reason: `${IMAGE} is not here, and cannot be pulled` }
  },
  go: () => firstOf(onPath('go')),
  javac: () => firstOf(onPath('javac')),
  flask: () => {
    const python = firstOf(onPath('python3'))
    return python.available && !answers(python.path, ['-c', 'import flask, requests'])
      ? { available: false, reason: 'no Flask, or no requests' }
      : python
  },
  // Debian keeps both where only root looks.
  nginx: () => firstOf([...onPath('nginx'), '/usr/sbin/nginx']),
  haproxy: () => firstOf([...onPath('haproxy'), '/usr/sbin/haproxy']),
  // Built by `npm run foreign:build`.
  portkey: () => builtIn(join(FOREIGN_CACHE, 'portkey', 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js')),
  litellm: () => builtIn(join(FOREIGN_CACHE, 'litellm', 'bin', 'litellm'), 'takes 530 MB: FOREIGN_LITELLM=1 npm run foreign:build'),
  'client-libraries': () => builtIn(join(FOREIGN_CACHE, 'clients', 'load.mjs')),
  gobreaker: () => firstOf([join(FOREIGN_CACHE, 'gobreaker', 'gateway')]),
  resilience4j: () => {
    const java = firstOf(onPath('java'))
    const isBuilt = existsSync(join(FOREIGN_CACHE, 'resilience4j', 'Gateway.class'))
    return java.available && !isBuilt ? { available: false, reason: 'not built' } : java
  },
} satisfies Record<string, () => Component>

const found = new Map<ComponentName, Component>()

/** Where the program is, or why it cannot be used; says so once for each test file that asks. */
export function component(name: ComponentName): Component {
  const known = found.get(name)
  if (known) return known
  const answer: Component = components[name]()
  found.set(name, answer)
  console.log(answer.available ? `used: ${name}: ${answer.path}` : `skipped: ${name}: ${answer.reason}`)
  return answer
}

/** The first path that can be executed. */
function firstOf(paths: readonly (string | undefined)[]): Component {
  const path = paths.find((candidate) => candidate !== undefined && isExecutable(candidate))
  return path === undefined ? { available: false, reason: 'not installed' } : { available: true, path }
}

function builtIn(path: string, reason = 'not built'): Component {
  return existsSync(path) ? { available: true, path } : { available: false, reason }
}

function onPath(...names: string[]): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

function besideToxiproxy(server: string | undefined): string | undefined {
  return server === undefined ? undefined : join(dirname(server), 'cli')
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function answers(program: string, args: string[], withinMs = 10_000): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: withinMs }).status === 0
}
