import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findScenario } from '../../src/cli/find-scenario.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'

const names = readdirSync('scenarios')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))

describe('the shipped scenarios', () => {
  it('are there', () => {
    expect(names).toContain('gemini-outage')
  })

  it.each(names)('%s plans with CI settings in under a minute, and with production settings', async (name) => {
    const { scenario, source } = await findScenario(name)
    const ci = planScenario(scenario, { seed: 42, settings: 'ci', source })
    expect(ci.durationMs).toBeLessThan(60_000)
    expect(ci.criteria.every(({ source: place }) => place?.file === `scenarios/${name}.ts`)).toBe(true)
    const production = planScenario(scenario, { seed: 42, settings: 'production', source })
    expect(production.durationMs).toBeGreaterThanOrEqual(ci.durationMs)
  })
})
