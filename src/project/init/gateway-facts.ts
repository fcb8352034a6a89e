// What can be found out about a gateway from its source: how it is started, which variables hold addresses, where it says that it is ready.
import type { Surroundings } from './surroundings.ts'

/** How the gateway is started, where that can be seen; a port that stands in the command becomes the one that a run chooses. */
export function startCommand({ manifest, files }: Pick<Surroundings, 'manifest' | 'files'>): string | undefined {
  const { scripts = {}, main } = manifest ?? {}
  // A script that runs a program of the package finds it only by way of its package manager, which passes no signal on.
  const script = scripts['start'] ?? ''
  if (/^(?:node|python3?|go|java|deno|bun)\s/.test(script)) return script
  const file = [main, 'server.js', 'server.ts', 'server.mjs', 'index.js', 'app.js', 'main.js', 'gateway.js'].find(
    (one) => one && files.includes(one),
  )
  if (file) return `node ${file}`
  if (files.includes('go.mod')) return 'go run .'
  const python = ['main.py', 'app.py', 'server.py', 'gateway.py'].find((one) => files.includes(one))
  return python && `python3 ${python}`
}

/** `uvicorn app:app --port 8000` listens where a run asks it to. */
export function withChosenPort(command: string): string {
  return command.replace(/(--port[= ])\d+\b/, '$1{PORT}')
}

const READ =
  /(?:\benv\.|\benv\[["']|\benviron\[["']|\benviron\.get\(["']|[gG]etenv\(["']|[lL]ookupEnv\(["']|env::var\(["']|ENV\[["']|ENV\.fetch\(["']|\$\{)([A-Z][A-Z0-9_]*)\b/g

/** Variables of the environment that the source reads, in any of the usual languages; each once. */
export function variablesIn(sources: readonly string[]): string[] {
  return [...new Set(sources.flatMap((text) => Array.from(text.matchAll(READ), ([, name]) => name!)))]
}

/** Names of upstreams that the variables speak of, such as `orders` of `ORDERS_URL`; not what is no HTTP service. */
export function upstreamsIn(variables: readonly string[]): string[] {
  const names = variables.flatMap(
    (variable) => /^(\w+?)(?:_SERVICE|_API)?_(?:BASE_)?(?:URL|URI|ENDPOINT|ORIGIN|HOST)$/.exec(variable)?.[1] ?? [],
  )
  const isService = (name: string): boolean => !NO_SERVICE.test(name) && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(name)
  return [...new Set(names.filter(isService).map((name) => name.toLowerCase().replaceAll('_', '-')))]
}

const NO_SERVICE =
  /^(?:DATABASE|DB|REDIS|MONGO\w*|POSTGRES\w*|PG|MYSQL|AMQP|RABBIT\w*|KAFKA|NATS|SENTRY|OTEL\w*|PUBLIC|BASE|SELF|APP|SITE|CALLBACK|FRONTEND|PROXY|HTTPS?|SERVER|LISTEN|BIND)$/

/** Which variables of the environment tell the gateway where it listens and where its upstreams are, with the placeholders of the config. */
export function environmentFor(upstreams: readonly string[], variables: readonly string[]): Record<string, string> {
  return Object.fromEntries([...listening(variables), ...upstreams.flatMap((name) => addressesOf(name, variables))])
}

/** A run sets PORT by itself. */
function listening(variables: readonly string[]): [string, string][] {
  if (variables.includes('PORT')) return []
  const port = variables.find((variable) => /^(?:HTTP|APP|SERVER|LISTEN|GATEWAY|WEB)_?PORT$/.test(variable))
  if (port) return [[port, '{PORT}']]
  const address = variables.find((variable) => /^(?:\w+_)?(?:LISTEN|BIND)(?:_ADDR(?:ESS)?)?$|^(?:HTTP_)?ADDR$/.test(variable))
  return address ? [[address, '127.0.0.1:{PORT}']] : []
}

/** Where nothing in the source speaks of the upstream, the most usual name, to be changed. */
function addressesOf(upstream: string, variables: readonly string[]): [string, string][] {
  const word = upstream.toUpperCase().replaceAll('-', '_')
  const stem = word.replace(/S$/, '')
  const own = variables.filter((variable) => variable.startsWith(stem) || variable.includes(`_${stem}`))
  const found = own.flatMap((variable): [string, string][] => {
    const part = /(URL|URI|ENDPOINT|ORIGIN|BASE|HOST|ADDR|PORT)$/.exec(variable)?.[1]
    if (part === undefined) return []
    const which = part === 'HOST' ? 'host' : part === 'PORT' ? 'port' : 'url'
    return [[variable, `{upstreams.${upstream}.${which}}`]]
  })
  const vague = own.filter(
    (variable) => variable === word || variable === stem || /_(?:API|SERVICE|SERVER|UPSTREAM|BACKEND)$/.test(variable),
  )
  if (found.length === 0) found.push(...vague.map((variable): [string, string] => [variable, `{upstreams.${upstream}.url}`]))
  // A host alone is an address with its port.
  const hasPort = found.some(([, value]) => value.endsWith('.port}'))
  const whole = found.map(([variable, value]): [string, string] => [variable, hasPort ? value : value.replace('.host}', '.url}')])
  return whole.length > 0 ? whole : [[`${word}_URL`, `{upstreams.${upstream}.url}`]]
}

const READY = [
  '/readyz',
  '/ready',
  '/healthz',
  '/health',
  '/livez',
  '/-/healthy',
  '/health/ready',
  '/api/health',
  '/_health',
  '/ping',
  '/up',
  '/status',
]

/** The path, of those that are usual, that the source has as a text; undefined where it has none. */
export function readyPathIn(sources: readonly string[]): string | undefined {
  return READY.find((path) => sources.some((text) => new RegExp(`["'\`\\s]${path}["'\`\\s]`).test(text)))
}

/** Whether the source speaks of the header by which a client's request is known. */
export function namesRequestIds(sources: readonly string[]): boolean {
  return sources.some((text) => /x-request-id/i.test(text))
}

/** In JavaScript, Python and Java, by a method's name; in Go by a pattern; and in Flask by a decorator that names its methods. */
const SERVED = [
  /(?:\.|@)(?<method>get|post|put|patch|delete)(?:Mapping)?\(\s*["'`](?<path>\/[^"'`\s]*)["'`]/gi,
  /\bHandle(?:Func)?\(\s*["`](?:(?<method>[A-Z]+) )?(?<path>\/[^"`\s]*)["`]/g,
  /\.route\(\s*["'](?<path>\/[^"'\s]*)["'](?:,\s*methods\s*=\s*[[(]\s*["'](?<method>\w+))?/g,
]
const MOST_PATHS = 12

/** Addresses that the source seems to serve, such as `GET /orders/{id}`, without those that are usual for being ready. */
export function addressesIn(sources: readonly string[]): string[] {
  const found = SERVED.flatMap((pattern) =>
    sources.flatMap((text) => Array.from(text.matchAll(pattern), ({ groups }) => [groups!['method'] ?? 'GET', groups!['path']!] as const)),
  )
  const served = found
    .filter(([, path]) => path !== '/' && !READY.includes(path))
    .map(([method, path]) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)|<(?:\w+:)?(\w+)>/g, '{$1$2}')}`)
  return [...new Set(served)].slice(0, MOST_PATHS)
}
