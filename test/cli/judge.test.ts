import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { judgeCommand } from '../../src/cli/commands/judge.ts'
import { writeRecord } from '../../src/run/bundle/bundle.ts'
import { journalOf, planOf } from '../judge/history.ts'
import { record } from '../report/reference-run.ts'
import { type Spoken, spoken } from './spoken.ts'

let folder: string
const plan = planOf([{ kind: 'error_rate', below: 0.01 }])

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  await writeRecord(folder, { ...record, plan })
  await writeFile(join(folder, 'journal.ndjson'), [...journalOf({}, plan)].map((event) => `${JSON.stringify(event)}\n`).join(''))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await chmod(folder, 0o755)
  await rm(folder, { recursive: true })
})

/** What the command prints, and its exit code. */
const judged = (...flags: string[]): Promise<Spoken> => spoken(judgeCommand, [folder, ...flags])

it('writes the verdict and its reports anew', async () => {
  const { code, stderr } = await judged()
  expect(stderr).toMatch(/^report +\S+report\.html$/m)
  expect((await readdir(folder)).toSorted()).toEqual(['journal.ndjson', 'junit.xml', 'report.html', 'run.json', 'verdict.json'])
  expect([0, 1, 2]).toContain(code)
})

it('gives the verdict of a bundle that cannot be written, with its own code, and says that nothing was written', async () => {
  const { code: expected } = await judged()
  vi.restoreAllMocks()
  // The administrator may write everywhere, but no file where a folder is.
  for (const name of ['verdict.json', 'junit.xml', 'report.html']) await mkdir(join(folder, `${name}.part`))
  await chmod(folder, 0o555)
  const { code, stdout, stderr } = await judged('--json')
  expect(stderr).toMatch(/^nothing could be written: .*verdict\.json\.part could not be written: /m)
  expect(stderr).toMatch(/^report +not written$/m)
  expect(stderr).toMatch(/1 criterion|C1|passed|failed|inconclusive/)
  expect(JSON.parse(stdout)).toMatchObject({ scenario: plan.scenario })
  expect(code).toBe(expected)
})

it('asks the witnesses of breakers that it is told to, and else those that the run was recorded with', async () => {
  expect(JSON.parse((await judged('--json')).stdout)).not.toHaveProperty('inferred')
  vi.restoreAllMocks()
  const why = 'the events of the gateway are ignored (--observe traffic)'
  const inferred = expect.arrayContaining([expect.objectContaining({ upstream: 'gemini', why })]) as unknown
  expect(JSON.parse((await judged('--json', '--observe', 'traffic')).stdout)).toMatchObject({ inferred })
  vi.restoreAllMocks()
  await writeRecord(folder, { ...record, plan, observe: 'traffic' })
  expect(JSON.parse((await judged('--json')).stdout)).toMatchObject({ inferred })
})
