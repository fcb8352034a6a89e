// What stands beside a judged run: the run before it, and what its gateway said last.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judgeBundle, writeRecord } from '../../src/run/bundle/bundle.ts'
import { lastWords } from '../../src/run/bundle/last-words.ts'
import { reportedRun } from '../../src/run/reported-run.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { journalOf, planOf } from '../judge/history.ts'
import { record } from '../report/reference-run.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function bundle(name: string, change: Partial<Plan> = {}): Promise<string> {
  const place = join(folder, name)
  const plan = planOf([{ kind: 'error_rate', below: 0.5 }], change, 20)
  await mkdir(place)
  await writeRecord(place, { ...record, startedAt: name, plan })
  await writeFile(join(place, 'journal.ndjson'), [...journalOf({}, plan)].map((event) => `${JSON.stringify(event)}\n`).join(''))
  return place
}

describe('the run before', () => {
  const comparedWith = async (place: string): Promise<string | undefined> =>
    (await reportedRun(place, await judgeBundle(place))).comparison?.before.startedAt

  it('is the newest earlier one that can be compared', async () => {
    await bundle('2026-01-01T00-00-00-000Z')
    await bundle('2026-01-02T00-00-00-000Z')
    await bundle('2026-01-03T00-00-00-000Z', { faults: [] })
    const own = await bundle('2026-01-04T00-00-00-000Z')
    await bundle('2026-01-05T00-00-00-000Z')
    expect(await comparedWith(own)).toBe('2026-01-02T00-00-00-000Z')
  })

  it('is none for the first run, or beside bundles that cannot be read', async () => {
    await mkdir(join(folder, '2026-01-01T00-00-00-000Z'))
    await mkdir(join(folder, '2026-01-02T00-00-00-000Z'))
    await writeFile(join(folder, '2026-01-02T00-00-00-000Z', 'run.json'), '{"schemaVersion":1}')
    expect(await comparedWith(await bundle('2026-01-04T00-00-00-000Z'))).toBeUndefined()
  })

  it('is none for a bundle whose folder has no time in its name', async () => {
    await bundle('2026-01-01T00-00-00-000Z')
    expect(await comparedWith(await bundle('artifact'))).toBeUndefined()
  })
})

describe('what the gateway said last', () => {
  const said = async (text: string): Promise<string[] | undefined> => {
    await writeFile(join(folder, 'gateway.log'), text)
    return lastWords(folder)
  }

  it('is its last lines, in order', async () => {
    expect(await said(Array.from({ length: 50 }, (_, at) => `line ${at}\n`).join(''))).toEqual(
      Array.from({ length: 20 }, (_, at) => `line ${at + 30}`),
    )
  })

  it('is nothing where it said nothing, and unknown where no log was kept', async () => {
    expect(await lastWords(folder)).toBeUndefined()
    expect(await said('\n\n')).toEqual([])
  })

  it('is bounded, whatever it wrote', async () => {
    const lines = await said(`${'x'.repeat(5_000_000)}\n${`${'y'.repeat(5000)}\n`.repeat(40)}`)
    expect(lines!.length).toBeGreaterThan(0)
    expect(lines!.join('').length).toBeLessThan(7000)
  })

  it('holds no secret', async () => {
    const key = 'sk-abcdefghijklmnopqrstuvwxyz'
    const text = (await said(`${'x'.repeat(280)} OPENAI_API_KEY=${key}\nauthorization: Bearer ${key}\n`))!.join('\n')
    expect(text).not.toContain('sk-abc')
    expect(text).toContain('***')
  })
})
