// What `--tag` selects: each shipped scenario names the system whose upstreams it plays, and what else it is about.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findScenario } from '../../src/project/find-scenario.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'

/** The systems, each with its upstreams. */
const systems = {
  'debug-toolkit': ['langwatch', 'firestore'],
  'issue-assistant': ['jira', 'confluence', 'mongodb'],
  'podcast-production': ['assemblyai', 'gemini', 'auphonic', 'elevenlabs', 'gcs'],
  'compliance-reporting': ['webhook-receiver', 'evidence-api'],
  'writing-assistant': ['chroma', 'filesystem', 'billing', 'git'],
}

/** What a scenario is about, beside its system. */
const subjects = ['generic', 'llm', 'long', 'network', 'overload', 'process', 'rollout', 'services']

const scenarios = await Promise.all(
  readdirSync('scenarios')
    .filter((file) => file.endsWith('.ts'))
    .map(async (file) => {
      const { scenario, source } = await findScenario(file.slice(0, -'.ts'.length))
      const plan = planScenario(scenario, { seed: 42, settings: 'ci', source })
      return { name: scenario.name, tags: scenario.input.tags ?? [], isGeneric: 'example' in scenario.input, plan }
    }),
)

describe('the tags of a shipped scenario', () => {
  it('are known words, and at least one', () => {
    const known = new Set([...Object.keys(systems), ...subjects])
    const wrong = scenarios.filter(({ tags }) => tags.length === 0 || tags.some((tag) => !known.has(tag)))
    expect(wrong.map(({ name, tags }) => `${name}: ${tags.join(', ')}`)).toEqual([])
  })

  it('name the system whose upstreams it plays, or say that it is for any gateway', () => {
    const wrong = scenarios.filter(({ tags, isGeneric, plan }) => {
      const upstreams = Object.keys(plan.upstreams)
      const of = Object.entries(systems).flatMap(([system, its]) => (upstreams.every((name) => its.includes(name)) ? [system] : []))
      const told = tags.filter((tag) => tag === 'generic' || tag in systems)
      return told.join() !== (isGeneric ? 'generic' : of.join())
    })
    expect(wrong.map(({ name, tags }) => `${name}: ${tags.join(', ')}`)).toEqual([])
  })

  it.each(['network', 'process'] as const)('say %s where a fault of that family is on, and nowhere else', (family) => {
    const wrong = scenarios.filter(({ tags, plan }) => {
      const probes = new Set(plan.phases.filter((phase) => phase.probes).map(({ name }) => name))
      const isOn = plan.faults.some(({ fault, phase }) => fault.made === family && !probes.has(phase))
      return tags.includes(family) !== isOn
    })
    expect(wrong.map(({ name, tags }) => `${name}: ${tags.join(', ')}`)).toEqual([])
  })
})
