// `expect(gateway).toSurvive(scenario)` in a real run of Vitest, in a project of its own.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const source = (path: string): string => JSON.stringify(resolve('src', path))

const files = {
  'package.json': '{ "type": "module" }',
  'fakes/orders.ts': `
    import { defineUpstream } from ${source('index.ts')}
    export const orders = defineUpstream(import.meta, { name: 'orders', latency: '5ms', routes: {
      getOrder: { method: 'GET', path: '/orders', reply: () => ({ body: { id: 7 } }) },
    } })`,
  // Passes on what the upstream gives, but for the status that STATUS names.
  'gateway.js': `
    import { createServer } from 'node:http'
    const { PORT, UPSTREAM_ORDERS, STATUS } = process.env
    createServer(async (request, response) => {
      if (request.url === '/healthz') return response.end()
      const { status, body } = await fetch(UPSTREAM_ORDERS + request.url.replace('/orders', ''), { headers: { 'x-request-id': request.headers['x-request-id'] } })
      response.writeHead(Number(STATUS ?? status))
      for await (const piece of body) response.write(piece)
      response.end()
    }).listen(Number(PORT), '127.0.0.1')`,
  'scenarios/short.ts': `
    import { criteria, errorRate, perSecond, phase, scenario } from ${source('index.ts')}
    import { orders } from '../fakes/orders.ts'
    const facts = { upstreams: { orders }, load: { rate: perSecond(50), mix: [orders.getOrder()] } }
    export default scenario('short', { story: 'Nothing goes wrong.', ...facts, phases: () => [phase('steady', '3s')], criteria: [errorRate().below('20%')] })
    export const undecided = scenario('undecided', { story: 'Nothing goes wrong, for too short a time.', ...facts,
      phases: () => [phase('before', '2s'), phase('after', '2s')], criteria: [criteria.growth().memoryBelow('1GB')] })`,
  'survives.test.ts': `
    import { describe, expect, it } from 'vitest'
    import ${source('vitest/to-survive.ts')}
    import { undecided } from './scenarios/short.ts'
    const healthy = 'node gateway.js'
    const sick = { command: 'node gateway.js', env: { STATUS: '500' } }
    describe('a gateway', { timeout: 60_000 }, () => {
      it('that is healthy survives', () => expect(healthy).toSurvive('short'))
      it('that is sick does not survive', () => expect(sick).not.toSurvive('short'))
      it('that is sick fails', () => expect(sick).toSurvive('short'))
      it('of which nothing is known does not survive', () => expect(healthy).toSurvive(undecided))
      it('of which nothing is known is not shown to fail', () => expect(healthy).not.toSurvive(undecided))
      it('that is not there', () => expect('exit 3').toSurvive('short'))
    })`,
}

interface Told {
  status: 'passed' | 'failed'
  message: string
}

let folder: string
let told: Map<string, Told>

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'gatecrash-vitest-')))
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'))
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, CI: '', VITEST: '' }
  // Tests of it fail, on purpose: that is its exit code.
  await promisify(execFile)(process.execPath, [vitest, 'run', '--root', folder, '--reporter', 'json', '--outputFile', 'told.json'], {
    cwd: folder,
    env,
  }).catch(() => {})
  const { default: results } = (await import(join(folder, 'told.json'), { with: { type: 'json' } })) as {
    default: { testResults: { assertionResults: { title: string; status: Told['status']; failureMessages: string[] }[] }[] }
  }
  const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults)
  told = new Map(tests.map(({ title, status, failureMessages }) => [title, { status, message: failureMessages.join('\n') }]))
}, 170_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

it('passes a gateway that survives, and one that does not where that is expected', () => {
  expect(told.get('that is healthy survives')).toEqual({ status: 'passed', message: '' })
  expect(told.get('that is sick does not survive')).toEqual({ status: 'passed', message: '' })
})

it('fails with every finding, those that did not pass first, and the report', () => {
  const { status, message } = told.get('that is sick fails') ?? {}
  expect(status).toBe('failed')
  expect(message).toMatch(/✗ FAIL {2}short {3}the only criterion failed|✗ FAIL {2}short {3}1 of 1 failed/)
  expect(message).toMatch(/✗ C1 +.*error rate.*\n +.*100 %/)
  expect(message).toMatch(/report {2}reports\/short\/\S+\/report\.html/)
})

it('takes no evidence for neither survival nor the lack of it', () => {
  for (const title of ['of which nothing is known does not survive', 'of which nothing is known is not shown to fail']) {
    const { status, message } = told.get(title) ?? {}
    expect(status).toBe('failed')
    expect(message).toContain('? INCONCLUSIVE  undecided')
  }
})

it('fails with what the gateway said where it does not start', () => {
  expect(told.get('that is not there')).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('the gateway ended before it was ready (code 3)') as string,
  })
})
