// The text of gatecrash.config: the gateway and how it learns its addresses, the fakes, and what clients ask.
import { quoted, literal } from './fakes/literal.ts'
import type { FakeSketch, RouteSketch } from './fakes/fake-sketch.ts'
import { camelCase } from './identifiers.ts'

export interface ConfigSketch {
  gateway: string
  environment: Record<string, string>
  readyPath: string
  /** What the gateway's sources seem to serve, such as `GET /orders/{id}`. */
  addresses: readonly string[]
  /** Each with the path of its file, from the config's. */
  fakes: readonly { fake: FakeSketch; from: string }[]
}

export function configSource({ gateway, environment, readyPath, addresses, fakes }: ConfigSketch): string {
  const isUrl = /^https?:\/\//.test(gateway)
  const taken = new Set<string>()
  const routes = fakes.flatMap(({ fake }) => routeLines(fake, taken))
  return [
    '// What scenarios are played on: the gateway under test, its upstreams, and what clients ask of it.',
    "import { defineConfig } from 'gatecrash'",
    ...fakes.map(({ fake, from }) => `import { ${camelCase(fake.name)} } from ${quoted(from)}`),
    '',
    'export default defineConfig({',
    '  gateway: {',
    ...(isUrl
      ? [`    url: ${quoted(gateway)},`]
      : [
          `    command: ${quoted(gateway)},`,
          '    // PORT is set as well; each placeholder becomes an address.',
          `    env: ${literal(environment, 4, 9)},`,
        ]),
    `    readyPath: ${quoted(readyPath)}, // answers 2xx when the gateway is ready`,
    '  },',
    `  upstreams: { ${fakes.map(({ fake }) => keyed(fake.name)).join(', ')} },`,
    '  // `at` is the path at your gateway; its names are those of the path in the fake.',
    ...(addresses.length > 0 ? [`  // Your gateway seems to serve ${addresses.join(', ')}.`] : []),
    '  routes: [',
    ...routes,
    '  ],',
    '  rate: 100,',
    '})',
    '',
  ].join('\n')
}

function keyed(name: string): string {
  const variable = camelCase(name)
  return variable === name ? name : `${quoted(name)}: ${variable}`
}

function routeLines({ name, routes }: FakeSketch, taken: Set<string>): string[] {
  const chosen = chosenRoutes(routes)
  const lines = chosen.map((route) => {
    const place = `${route.method} ${route.path}`
    // Two upstreams may have one path: the second is asked below its own name.
    const at = taken.has(place) ? `/${name}${route.path}` : route.path
    taken.add(place)
    return `    ${camelCase(name)}.${route.name}({ at: ${quoted(at)}${route.method === 'GET' ? ', weight: 2' : ''} }),`
  })
  const left = routes.length - chosen.length
  return left > 0 ? [...lines, `    // ${left} more are in the fake: ${camelCase(name)}.…({ at: '…' })`] : lines
}

/** A few of each kind, the plainest first: what reads one thing, what reads others, what makes one. Of what is neither, one. */
function chosenRoutes(routes: readonly RouteSketch[]): RouteSketch[] {
  const plain = routes.filter(({ reply }) => reply.streamed !== true).toSorted((a, b) => a.path.length - b.path.length)
  const gets = plain.filter(({ method }) => method === 'GET')
  const isOne = ({ path }: RouteSketch): boolean => path.includes('{')
  const few = [
    ...gets.filter(isOne).slice(0, 2),
    ...gets.filter((route) => !isOne(route)).slice(0, 1),
    ...plain.filter(({ method }) => method === 'POST').slice(0, 1),
  ]
  return few.length > 0 ? few : routes.slice(0, 1)
}
