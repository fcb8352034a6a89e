// The alert rules and the dashboard ask for series that the gateway has, and the rules fire when they should.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { component } from '../../components.ts'
import { answer, rig, scriptedUpstream } from './rig.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', '.docker')
const text = (...path: string[]): string => readFileSync(join(FOLDER, ...path), 'utf8')

it('asks for no series that the gateway does not have', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig(
    { gemini: upstream.url },
    { config: { upstreams: { gemini: { breaker: {}, bulkhead: { concurrent: 5 } } } } },
  )
  await gateway.ask('/gemini/a')
  const exposed = new Set((await gateway.ask('/metrics')).text.match(/^gateway_\w+/gm))
  for (const file of [text('prometheus', 'gateway-alerts.yml'), text('grafana', 'gateway.json')]) {
    const asked = [...new Set(file.match(/\bgateway_\w+/g))]
    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter((name) => !exposed.has(name))).toEqual([])
  }
})

it('offers a dashboard that Grafana can read: each panel has its place and its queries', () => {
  const { panels, schemaVersion } = JSON.parse(text('grafana', 'gateway.json')) as {
    schemaVersion: number
    panels: { id: number; gridPos: object; targets: { expr: string }[] }[]
  }
  expect(schemaVersion).toBeGreaterThan(30)
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  for (const { gridPos, targets } of panels) {
    expect(Object.keys(gridPos).toSorted()).toEqual(['h', 'w', 'x', 'y'])
    expect(targets.every(({ expr }) => expr.includes('$upstream'))).toBe(true)
  }
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
