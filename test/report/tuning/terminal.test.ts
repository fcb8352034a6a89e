import { expect, it } from 'vitest'
import { renderTuning } from '../../../src/report/tuning/terminal.ts'
import { passed } from '../../tuning/trial-results.ts'
import { nothingPasses, recommended, tuning } from './tunings.ts'

const page = { reportPath: 'reports/_tune/latest/tune.html', command: 'gatecrash tune gemini-outage' }

it('says what is recommended, beside the present settings, and where the cliffs are', async () => {
  const text = renderTuning(await recommended(), { ...page, patchPath: 'reports/_tune/latest/gateway.patch.json', width: 110 })
  expect(text).toMatch(/^✓ RECOMMENDED {2}gemini-outage {3}\d+ trials, 8 seeds\n/)
  expect(text).toMatch(/gemini\.breaker\.failures +5 +11 +10, 9 % away +none up to 40/)
  expect(text).toMatch(/present +81\.0 +\+23\.3 %/)
  expect(text).toContain("at 10: gemini's breaker stays closed during steady: it was not met")
  expect(text).toContain('it cannot be tried here: claims[0] the story is too short for 60 s')
  expect(text).toContain('gateway.patch.json, a JSON merge patch')
})

it('says to keep the present settings where nothing is better by what counts, and what counted', async () => {
  const tuned = { ...(await tuning(() => passed(), [])), presentValues: [25, 30_000, 3] }
  const text = renderTuning(tuned, { ...page, patchPath: undefined })
  expect(text).toMatch(/^✓ KEEP THE PRESENT SETTINGS {2}gemini-outage/)
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(
    /compared by worst margin \(1\.0 %\), wasted calls \(5\), lost goodput \(0\.5 %\), false trips \(0\.05\), time to recover \(1 s\), in this order\./,
  )
})

it('tells where the simulation was wrong', async () => {
  const text = renderTuning(await recommended(), { ...page, patchPath: undefined, width: 110 })
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'the simulation is wrong about this: p95 of gemini during recovery is below 2s: live fail, simulated pass; p95 is 2.4 s',
  )
})

it('shows no empty table where nothing was tried', async () => {
  const nothing = { ...(await recommended()), recommended: null, nearest: null, present: null, front: [], cliffs: null, confirmations: [] }
  const text = renderTuning(nothing, { ...page, patchPath: undefined })
  expect(text).toMatch(/^\? NOTHING WAS TRIED/)
  expect(text).not.toContain('wasted calls')
})

it('names what stands in the way where nothing passes', async () => {
  const text = renderTuning(await nothingPasses(), { ...page, patchPath: undefined, width: 110 })
  expect(text).toMatch(/^✗ NO SETTING PASSES/)
  expect(text).toContain('obstacle  gemini-outage: p95 of gemini is below 1ms: fail in 8 of 8 trials; it was not met')
  expect(text).not.toContain('to apply')
})

it('says what simulations left unjudged, beside a recommendation', async () => {
  const unjudged = [
    "cascade: C4 (memory_growth) is about the gateway's process, which a simulation does not have: it is not judged; run it live",
  ]
  const text = renderTuning({ ...(await recommended()), unjudged }, { ...page, patchPath: undefined, width: 110 })
  expect(text.replaceAll(/\s+/g, ' ')).toContain(`unjudged ${unjudged[0]}`)
  expect(renderTuning(await recommended(), { ...page, patchPath: undefined })).not.toContain('unjudged')
})
