// The alert rules and the dashboard ask for series that the gateway has, and the rules fire when they should.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { component } from '../components.ts'
import { created } from './endpoints/created.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '.docker')
const text = (...path: string[]): string => readFileSync(join(FOLDER, ...path), 'utf8')

/** By name: the labels of each series that a gateway with every service has, once a breaker is open. */
async function exposed(): Promise<Map<string, Set<string>>> {
  await using at = await created((upstream) => [upstream === 'chroma' ? 503 : 200])
  await at.ask('/v1/api/chat', { method: 'POST', body: { query: 'who?' } })
  await at.pass(1500)
  const series = new Map<string, Set<string>>()
  for (const [, name = '', labels = ''] of (await at.ask('/metrics')).text.matchAll(/^(gateway_\w+)(?:\{(.*)\})? /gm))
    series.set(name, new Set([...labels.matchAll(/(\w+)="/g)].map(([, label]) => label!)))
  return series
}

const rules = text('prometheus', 'gateway-alerts.yml')
const dashboard = text('grafana', 'gateway.json')

it('asks for no series that the gateway does not have, and leaves out none of its services', async () => {
  const names = [...(await exposed()).keys()]
  for (const file of [rules, dashboard]) {
    const asked = new Set(file.match(/\bgateway_\w+/g))
    expect(asked.size).toBeGreaterThan(4)
    expect([...asked].filter((name) => !names.includes(name))).toEqual([])
    const ofServices = names.filter((name) => /^gateway_(webhook|operation|sync|quota|part|alert)/.test(name))
    expect(ofServices.length).toBeGreaterThan(7)
    expect(ofServices.filter((name) => !asked.has(name))).toEqual([])
  }
})

it('offers a dashboard that Grafana can read: each panel has its place and its queries', async () => {
  const { panels, schemaVersion } = JSON.parse(dashboard) as {
    schemaVersion: number
    panels: { id: number; gridPos: object; targets: { expr: string }[] }[]
  }
  expect(schemaVersion).toBeGreaterThan(30)
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(panels.length)
  const series = await exposed()
  for (const { gridPos, targets } of panels) {
    expect(Object.keys(gridPos).toSorted()).toEqual(['h', 'w', 'x', 'y'])
    // What is counted by upstream is shown for the upstream that is chosen.
    for (const { expr } of targets) {
      const isByUpstream = expr.match(/\bgateway_\w+/g)!.some((name) => series.get(name)!.has('upstream'))
      expect([expr, expr.includes('$upstream')]).toEqual([expr, isByUpstream])
    }
  }
})

it('has a case in which each rule fires', () => {
  const cases = text('prometheus', 'gateway-alerts.test.yml')
  const named = [...rules.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name!)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !new RegExp(`alertname: ${name}\\n +exp_alerts:`).test(cases))).toEqual([])
})

const promtool = component('promtool')

it.skipIf(!promtool.available)('has rules that promtool accepts, and that fire when they should', () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(promtool.available ? promtool.path : '', args, {
      cwd: join(FOLDER, 'prometheus'),
      encoding: 'utf8',
    })
    return { status, said: `${stdout}${stderr}` }
  }
  expect(run('check', 'rules', 'gateway-alerts.yml')).toMatchObject({ status: 0 })
  expect(run('test', 'rules', 'gateway-alerts.test.yml')).toMatchObject({ status: 0 })
})
