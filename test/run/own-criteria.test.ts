// A bundle whose plan names a criterion of the project's own is judged again by that module.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { CriterionData } from '../../src/plan/plan.ts'
import { judgeBundle } from '../../src/run/bundle/bundle.ts'
import { stableJson } from '../../src/run/bundle/stable-json.ts'
import { fallbackShare } from '../criteria/fallback-share.ts'
import { journalOf, planOf } from '../judge/history.ts'
import { record } from '../report/reference-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'own-criteria-'))
afterAll(() => rmSync(folder, { recursive: true }))

function bundleWith(criterion: CriterionData): string {
  const plan = { ...planOf([], {}, 40), criteria: [{ id: 'C1', criterion }] }
  writeFileSync(join(folder, 'run.json'), stableJson({ ...record, seed: plan.seed, plan }))
  writeFileSync(join(folder, 'journal.ndjson'), [...journalOf({}, plan)].map((event) => `${JSON.stringify(event)}\n`).join(''))
  return folder
}

const { criterion } = fallbackShare({ upstream: 'gemini', below: 0.1 })

it('is judged by the module that run.json names, byte for byte', async () => {
  const bundle = bundleWith(criterion)
  const [first, second] = [await judgeBundle(bundle), await judgeBundle(bundle)]
  expect(first.verdict.findings[0]).toMatchObject({ result: 'pass', sentence: 'fewer than 10 % of answers for gemini are fallbacks' })
  expect(stableJson(second.verdict)).toBe(stableJson(first.verdict))
})

it.each([
  ['a module', { module: 'test/criteria/gone.ts' }, 'test/criteria/gone.ts: cannot be imported'],
  ['an export', { export: 'gone' }, 'has no export "gone"'],
])('says which %s is missing', async (_, change, message) => {
  await expect(judgeBundle(bundleWith({ ...criterion, ...change }))).rejects.toMatchObject({
    code: 'invalid_scenario',
    message: expect.stringContaining(message),
  })
})
