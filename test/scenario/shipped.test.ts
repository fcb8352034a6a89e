import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { knownCriterion } from '../../src/criteria/criteria.ts'
import type { KnownCriterion } from '../../src/criteria/criterion.ts'
import { passChance } from '../../src/criteria/measure/statistics/power.ts'
import { checkConfig } from '../../src/gateway/config.ts'
import { gatewayConfig } from '../../src/plan/gateway-config.ts'
import { findScenario } from '../../src/project/find-scenario.ts'
import { plannedRequests } from '../../src/plan/plan-index.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { planWithoutSecrets } from '../../src/plan/redact.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'

const names = readdirSync('scenarios')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))

describe('the shipped scenarios', () => {
  it('are there', () => {
    expect(names).toContain('gemini-outage')
  })

  it('are all played one after the other within 50 minutes, but for those tagged long', async () => {
    // To start the processes, to stop them, and to judge what was seen. It was seen to take 2 s on two cores, one of them kept busy or not.
    const besides = 5_000
    const each = await Promise.all(
      names.map(async (name) => {
        const { scenario, source } = await findScenario(name)
        const isLong = scenario.input.tags?.includes('long') === true
        return isLong ? 0 : planScenario(scenario, { seed: 42, settings: 'ci', source }).durationMs + besides
      }),
    )
    expect(each.length).toBeGreaterThan(30)
    expect(each.reduce((sum, ms) => sum + ms, 0) / 60_000).toBeLessThan(50)
  })

  it.each(names)('%s plans with CI settings, in under a minute unless its tag says long, and with production settings', async (name) => {
    const { scenario, source } = await findScenario(name)
    const ci = planScenario(scenario, { seed: 42, settings: 'ci', source })
    expect(ci.durationMs >= 60_000).toBe(scenario.input.tags?.includes('long') === true)
    expect(ci.criteria.every(({ source: place }) => place?.file === `scenarios/${name}.ts`)).toBe(true)
    const production = planScenario(scenario, { seed: 42, settings: 'production', source })
    expect(production.durationMs).toBeGreaterThanOrEqual(ci.durationMs)
  })

  it.each(names)('%s has settings that are recorded as they are, but for tokens', async (name) => {
    const { scenario, source } = await findScenario(name)
    const { gateway } = planWithoutSecrets(planScenario(scenario, { seed: 42, settings: 'ci', source }))
    const hidden = Array.from(JSON.stringify(gateway).matchAll(/"(\w+)":"[^"]*\*\*\*/g), ([, setting]) => setting)
    expect(hidden.filter((setting) => setting !== 'internalToken')).toEqual([])
  })

  it.each(names)('%s gives a gateway settings that the reference gateway takes, also when it is started by a command', async (name) => {
    const { scenario, source } = await findScenario(name)
    const plan = planScenario(scenario, { seed: 42, settings: 'ci', source, isForeign: true })
    const urls = Object.fromEntries(Object.keys(plan.upstreams).map((upstream) => [upstream, 'http://127.0.0.1:9']))
    expect(() => checkConfig('gateway.json', gatewayConfig(plan), urls)).not.toThrow()
  })

  it.each(names)('%s proves each share of bad requests in 95 of 100 runs of a gateway that makes a tenth of them', async (name) => {
    const { scenario, source } = await findScenario(name)
    const plan = planScenario(scenario, { seed: 42, settings: 'ci', source })
    const doubtful = plan.criteria
      .map(({ criterion }) => knownCriterion(criterion))
      // What an open breaker refuses is no number of the plan's.
      .filter(({ badShare, breaker }) => badShare !== undefined && breaker !== 'needed')
      .filter((known) => chanceAtATenth(plan, known) < 0.95)
    expect(doubtful.map(({ sentence }) => sentence)).toEqual([])
  })
})

function chanceAtATenth(plan: Plan, known: KnownCriterion): number {
  const planned = known
    .samplesIn(plan)
    .map((phases) => phases.reduce((total, { name }) => total + plannedRequests(plan, name, known.upstream), 0))
  return passChance(Math.min(...planned), known.badShare!, known.badShare! / 10)
}
