import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { allValues } from '../../../src/cli/flags/flags.ts'
import { annotateError, github } from '../../../src/cli/outputs/github.ts'
import type { Output } from '../../../src/cli/outputs/output.ts'
import { judged, series } from '../../report/series.ts'
import { failing } from '../../report/verdicts.ts'

let folder: string
let said: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatecrash-github-'))
  said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function afterOneFailure(env: Record<string, string>): Promise<Output | undefined> {
  const known = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: process.cwd(), GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '' }
  for (const [name, value] of Object.entries({ ...known, ...env })) vi.stubEnv(name, value)
  const output = await github(allValues({}))
  output?.add?.(series('gemini-outage', judged(failing)))
  await output?.end(1)
  return output
}

it('does nothing elsewhere', async () => {
  expect(await afterOneFailure({ GITHUB_ACTIONS: '' })).toBeUndefined()
  expect(said).toBe('')
})

it('annotates on standard error, and adds to the files that GitHub names', async () => {
  const [summary, outputs] = [join(folder, 'summary.md'), join(folder, 'outputs')]
  await writeFile(summary, 'of an earlier run\n\n')
  await writeFile(outputs, 'earlier=1\n')
  await afterOneFailure({ GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs })
  expect(said).toMatch(/^::error file=scenarios\/gemini-outage\.ts,line=31,title=gemini-outage C1::p95 was 2\.004 s/m)
  expect(await readFile(summary, 'utf8')).toMatch(/^of an earlier run\n\n## ✗ FAIL: gemini-outage\n/)
  expect(await readFile(outputs, 'utf8')).toMatch(/^earlier=1\nverdict=fail\nexit-code=1\n/)
})

it('says what it could not write, and goes on', async () => {
  const outputs = join(folder, 'outputs')
  await afterOneFailure({ GITHUB_STEP_SUMMARY: join(folder, 'missing', 'summary.md'), GITHUB_OUTPUT: outputs })
  expect(said).toMatch(/the summary for GitHub could not be written: ENOENT/)
  expect(await readFile(outputs, 'utf8')).toContain('verdict=fail')
})

it('annotates an error that ended the command line before any run', () => {
  annotateError('elsewhere')
  vi.stubEnv('GITHUB_ACTIONS', 'true')
  annotateError('scenarios/x.ts: 2 problems\n  phases  none')
  expect(said).toBe('::error title=gatecrash::scenarios/x.ts: 2 problems%0A  phases  none\n')
})
