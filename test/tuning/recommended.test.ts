// What is kept as recommended for production is what the simulation says today of those settings, and of the present ones.
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import * as complianceGateways from '../../scenarios/systems/compliance-reporting.ts'
import * as debugGateways from '../../scenarios/systems/debug-toolkit.ts'
import * as issueGateways from '../../scenarios/systems/issue-assistant.ts'
import * as podcastProductionGateways from '../../scenarios/systems/podcast-production.ts'
import * as podcastGateways from '../../scenarios/systems/podcast.ts'
import * as writingGateways from '../../scenarios/systems/writing-assistant.ts'
import { recommendations as complianceReporting } from '../../scenarios/systems/recommended/compliance-reporting.ts'
import { recommendations as debugToolkit } from '../../scenarios/systems/recommended/debug-toolkit.ts'
import { recommendations as issueAssistant } from '../../scenarios/systems/recommended/issue-assistant.ts'
import { recommendations as podcastProduction } from '../../scenarios/systems/recommended/podcast-production.ts'
import type { Recommendation } from '../../scenarios/systems/recommended/recommendation.ts'
import { recommendations as writingAssistant } from '../../scenarios/systems/recommended/writing-assistant.ts'
import { addFlags } from '../../src/cli/flags/add-flags.ts'
import type { SomeValues } from '../../src/cli/flags/flags.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { findScenario } from '../../src/project/find-scenario.ts'
import { planScenario } from '../../src/scenario/plan-scenario.ts'
import { objectiveNames, objectiveOf } from '../../src/tuning/search/objectives.ts'
import { type Candidate, type Standing, standingOf } from '../../src/tuning/search/standing.ts'
import { placeOf, read } from '../../src/tuning/space/setting-range.ts'
import { type Settings, spaceOf } from '../../src/tuning/space/space.ts'
import { simulator } from '../../src/tuning/trial/simulator.ts'
import { presentValue } from '../../src/tuning/tuned.ts'

const systems: Record<string, readonly Recommendation[]> = {
  'debug-toolkit': debugToolkit,
  'issue-assistant': issueAssistant,
  'podcast-production': podcastProduction,
  'compliance-reporting': complianceReporting,
  'writing-assistant': writingAssistant,
}
const all = Object.values(systems).flat()
const of = ({ settings }: Recommendation, which: 'present' | 'recommended'): Settings =>
  Object.fromEntries(Object.entries(settings).map(([path, compared]) => [path, compared[which]]))

/** As it was typed. */
function typed({ command }: Recommendation): { words: readonly string[]; values: SomeValues } {
  const parsed = addFlags(new Command('tune').argument('<scenario...>'), 'tune')
  parsed.parse(command.split(' -- tune ')[1]!.split(' '), { from: 'user' })
  return { words: parsed.args, values: parsed.opts() }
}

it('is kept for each of the five systems', () => {
  expect(Object.values(systems).every((kept) => kept.length > 0)).toBe(true)
  expect(all.every(({ figures }) => Object.keys(figures).length === objectiveNames.length)).toBe(true)
})

it('is offered by every gateway of a system that has settings for production', () => {
  const modules = [complianceGateways, debugGateways, issueGateways, podcastGateways, podcastProductionGateways, writingGateways]
  const offering = modules.flatMap((module) => Object.entries<object>(module)).filter(([name]) => /gateway/i.test(name))
  expect(offering.length).toBeGreaterThan(8)
  for (const [name, gateway] of offering) expect(Object.keys(gateway), name).toEqual(['ci', 'production', 'recommended'])
})

describe.each(all)('$story', (kept) => {
  it('was found by its command, within the ranges of it', () => {
    const { words, values } = typed(kept)
    expect(words).toEqual([kept.story])
    expect(values).toMatchObject({ policy: 'production', trials: kept.trials, seed: kept.seeds[0] })
    const { space } = spaceOf(values.set!)
    expect(space.map(({ path }) => path)).toEqual(Object.keys(kept.settings))
    for (const range of space) {
      const place = placeOf(range, read(range, kept.settings[range.path]!.recommended)!)
      expect(place >= 0 && place <= 1, range.path).toBe(true)
    }
  })

  it('is what --policy recommended sets, beside what production has', async () => {
    const { scenario, source } = await findScenario(kept.story)
    const planned = (settings: string): Plan => planScenario(scenario, { seed: 42, settings, source })
    for (const range of spaceOf(typed(kept).values.set!).space) {
      const { present, recommended } = kept.settings[range.path]!
      expect(presentValue(range, [planned('production')])).toBe(read(range, present))
      expect(presentValue(range, [planned('recommended')])).toBe(read(range, recommended))
    }
  })

  it('passes in the other stories of the system too, each time', { timeout: 120_000 }, async () => {
    expect(Object.keys(kept.stories)[0]).toBe(kept.story)
    for (const [story, { recommended }] of Object.entries(kept.stories)) {
      expect(recommended, story).toBe('5 of 5')
      // The first of the five: the others take minutes.
      if (story === kept.story) continue
      const found = await findScenario(story)
      const play = simulator({ scenarios: [found], plan: { settings: 'production' }, calibration: undefined })
      expect(await play({ scenario: story, settings: of(kept, 'recommended'), seed: 42 }), story).toMatchObject({ result: 'pass' })
    }
  })

  it('passes, and costs what is written', { timeout: 300_000 }, async () => {
    const found = await findScenario(kept.story)
    const play = simulator({ scenarios: [found], plan: { settings: 'production' }, calibration: undefined })
    const standing = async (settings: Settings): Promise<Standing> => {
      const trials = kept.seeds.map((seed) => ({ scenario: found.scenario.name, settings, seed }))
      const played = []
      for (const trial of trials) played.push({ trial, result: await play(trial) })
      const candidate: Candidate = { settings, values: [] }
      return standingOf(candidate, played)!
    }
    const [present, recommended] = [await standing({}), await standing(of(kept, 'recommended'))]
    expect(recommended.passes).toBe(true)
    const figures = objectiveNames.map((name) => {
      const { words, show } = objectiveOf(name)
      return [words, { present: show(present.scores[name]), recommended: show(recommended.scores[name]) }]
    })
    expect(kept.figures).toEqual(Object.fromEntries(figures))
  })
})
