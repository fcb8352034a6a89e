import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { compareCommand } from '../../src/cli/commands/compare.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { writeRecord } from '../../src/run/bundle/bundle.ts'
import { type Story, failing, journalOf, planOf } from '../judge/history.ts'
import { record } from '../report/reference-run.ts'
import { type Spoken, spoken } from './spoken.ts'

let out: string
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'reports-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(out, { recursive: true })
})

async function bundle(name: string, story: Story = {}, change: Partial<Plan> = {}): Promise<string> {
  const place = join(out, 'gemini-outage', name)
  const plan = planOf([{ kind: 'error_rate', below: 0.3 }], change, 60)
  await mkdir(place, { recursive: true })
  await writeRecord(place, { ...record, plan })
  await writeFile(join(place, 'journal.ndjson'), [...journalOf(story, plan)].map((event) => `${JSON.stringify(event)}\n`).join(''))
  return place
}
const broken: Story = { assemblyai: () => failing }

const compare = (...args: string[]): Promise<Spoken> => spoken(compareCommand, [...args, '--out', out])

it('says nothing worse of a run like the one before, with 0', async () => {
  const { code, stderr } = await compare(await bundle('a'), await bundle('b'))
  expect(stderr).toMatch(/^✓ NOTHING WORSE  gemini-outage$/m)
  expect(code).toBe(0)
})

it('names what is worse, then and now, with 1', async () => {
  const { code, stderr } = await compare(await bundle('a'), await bundle('b', broken))
  expect(stderr).toMatch(/^✗ WORSE /m)
  expect(stderr).toMatch(/^worse +assemblyai errors in steady +0 % +100 %$/m)
  expect(code).toBe(1)
})

it('says why two runs cannot be compared, with 2', async () => {
  const { code, stderr } = await compare(await bundle('a'), await bundle('b', {}, { faults: [] }))
  expect(stderr).toMatch(/^\? CANNOT BE COMPARED /m)
  expect(stderr).toMatch(/^because +they have other faults$/m)
  expect(code).toBe(2)
})

it('takes the name of a scenario for its latest run, and one run alone for it and the one before', async () => {
  await bundle('2026-01-01T00-00-00-000Z', broken)
  const latest = await bundle('2026-01-02T00-00-00-000Z')
  await symlink(latest, join(out, 'gemini-outage', 'latest'))
  const { code, stdout } = await compare('gemini-outage', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ result: 'better', before: { result: 'fail' }, now: { result: 'pass' } })
  expect(code).toBe(0)
  vi.restoreAllMocks()
  expect((await compare(latest, 'gemini-outage')).code).toBe(0)
})

it('says what to name where there is no run before', async () => {
  await expect(compare(await bundle('2026-01-01T00-00-00-000Z'))).rejects.toThrow(
    /no earlier run .* name two: gatecrash compare <before> <now>/,
  )
})
