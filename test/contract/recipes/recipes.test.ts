// Each recipe of .github/docs/recipes.md, put into the smallest server of its language and asked as a run asks it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { followBreakerEvents } from '../../../src/stage/live/gateway/breaker-events.ts'
import { freePort } from '../../../src/kernel/server.ts'
import { startGateway } from '../../../src/stage/live/gateway/gateway-process.ts'
import { type ComponentName, component } from '../../components.ts'
import { answer, scriptedUpstream } from '../gateway/rig.ts'
import { until } from '../upstreams/until.ts'

interface Recipe {
  /** A heading of the page. */
  section: string
  /** The name of the file that the recipe is put into; its template stands beside this test. */
  file: string
  needs?: ComponentName
  build?: [program: string, ...args: string[]]
  run: string
}

const recipes: readonly Recipe[] = [
  { section: 'Express', file: 'express.mjs', run: 'node express.mjs' },
  { section: 'Fastify', file: 'fastify.mjs', run: 'node fastify.mjs' },
  { section: 'Go', file: 'main.go', needs: 'go', build: ['go', 'build', '-o', 'recipe', '.'], run: './recipe' },
  { section: 'Java', file: 'Recipe.java', needs: 'javac', build: ['javac', 'Recipe.java'], run: 'java -cp . Recipe' },
  { section: 'Python', file: 'recipe.py', needs: 'flask', run: 'python3 recipe.py' },
]

const page = readFileSync('.github/docs/recipes.md', 'utf8')
const FOLDER = join(import.meta.dirname, '..', '..', '..', '.cache', 'recipes')

function codeOf(section: string): string {
  const [, code] = new RegExp(`^## ${section}\\n[^#]*?\`\`\`\\w+\\n(.*?)^\`\`\``, 'ms').exec(page) ?? []
  if (code === undefined) throw new Error(`no code below "## ${section}"`)
  return code
}

it('has a test for each recipe of the page', () => {
  expect(Array.from(page.matchAll(/^## (.*)$/gm), ([, section]) => section)).toEqual(recipes.map(({ section }) => section))
})

for (const recipe of recipes)
  describe.skipIf(recipe.needs !== undefined && !component(recipe.needs).available)(`the recipe for ${recipe.section}`, () => {
    it(
      'passes the id of a request on, and tells transitions as they happen and to a reader that comes late',
      { timeout: 90_000 },
      async () => {
        await using orders = await scriptedUpstream((response) => answer(response, 200, { order: 7 }))
        await using gateway = await started(recipe, orders.url)

        const asked = await fetch(`${gateway.url}/orders/7`, { headers: { 'x-request-id': 'run-1' } })
        expect(await asked.json()).toEqual({ order: 7 })
        expect(orders.arrivals.map(({ url, headers }) => [url, headers['x-request-id']])).toEqual([['/orders/7', 'run-1']])

        const heard: JournalEvent[] = []
        const follow = (write: (event: JournalEvent) => void) =>
          followBreakerEvents({ url: gateway.url, fresh: true, write, signal: new AbortController().signal })
        await using early = await follow((event) => heard.push(event))
        expect(early.available).toBe(true)
        expect((await fetch(`${gateway.url}/trip`, { method: 'POST' })).status).toBe(200)
        await until('both transitions', () => heard.length >= 2 || undefined)
        expect(heard).toMatchObject([
          { type: 'transition', sequence: 1, upstream: 'orders', from: 'closed', to: 'open' },
          { type: 'transition', sequence: 2, upstream: 'orders', from: 'open', to: 'half_open' },
        ])

        const late: JournalEvent[] = []
        await using _late = await follow((event) => late.push(event))
        await until('both transitions again', () => late.length >= 2 || undefined)
        expect(late).toEqual(heard)
      },
    )
  })

/** The recipe as a gateway of its own that reaches `orders`. */
async function started({ section, file, build, run }: Recipe, orders: string) {
  const cwd = join(FOLDER, section)
  mkdirSync(cwd, { recursive: true })
  const template = readFileSync(join(import.meta.dirname, `${file}.template`), 'utf8')
  writeFileSync(
    join(cwd, file),
    template.replace(/^ *(\/\/|#) RECIPE\n/m, () => codeOf(section)),
  )
  if (section === 'Go')
    for (const name of ['go.mod', 'go.sum']) writeFileSync(join(cwd, name), readFileSync(join(import.meta.dirname, name)))
  if (build) {
    const { status, stderr } = spawnSync(build[0], build.slice(1), { cwd, encoding: 'utf8', env: { ...process.env, CGO_ENABLED: '0' } })
    if (status !== 0) throw new Error(`${section}: ${stderr}`)
  }
  return startGateway({
    choice: { kind: 'command', command: `cd '${cwd}' && exec ${run}` },
    port: await freePort(),
    values: new Map(),
    upstreams: { orders },
    configPath: join(cwd, 'no-config.json'),
    logPath: join(cwd, 'log.txt'),
    redact: (text) => text,
    keep: () => () => {},
    readyPath: '/healthz',
    readyWithinMs: 20_000,
    signal: new AbortController().signal,
  })
}
