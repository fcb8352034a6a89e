import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plant } from '../sabotage/plant.ts'
import { QUICK } from '../sabotage/scenarios.ts'
import { sabotages } from '../sabotage/sabotages.ts'
import { leftAfter, runUntilConclusive, start } from './gatecrash.ts'

describe('the healthy gateway', () => {
  it('passes, leaves a whole bundle and no process, and is judged again byte for byte', async () => {
    await using run = await runUntilConclusive(['run', QUICK])
    const { code, stderr } = run.result
    expect(stderr).toContain('PASS')
    expect(code, stderr).toBe(0)
    expect(await leftAfter(run, 0)).toEqual([])

    const bundle = await run.bundle('quick-outage')
    const files = ['verdict.json', 'junit.xml', 'report.html']
    const first = await Promise.all(files.map((file) => readFile(join(bundle, file), 'utf8')))
    await using again = await start(['judge', bundle])
    expect((await again.ended).code).toBe(0)
    expect(await Promise.all(files.map((file) => readFile(join(bundle, file), 'utf8')))).toEqual(first)
    expect(await readFile(join(run.out, 'quick-outage', 'latest', 'verdict.json'), 'utf8')).toBe(first[0])
  })
})

describe('a sabotaged gateway', () => {
  const quick = sabotages.filter(({ scenario }) => scenario === QUICK)
  it.each(quick.map((sabotage) => [sabotage.id, sabotage.title, sabotage] as const))(
    '%s, %s: fails, and the first finding says why',
    async (_id, _title, sabotage) => {
      await using planted = await plant(sabotage)
      await using run = await runUntilConclusive(['run', QUICK, '--gateway', planted.command])
      const { code, stderr } = run.result
      expect(code, stderr).toBe(1)
      const [first] = (await run.verdict('quick-outage')).findings
      expect(first).toMatchObject({ result: 'fail' })
      expect(sabotage.expect).toContain(first!.cause)
      expect(await leftAfter(run, 1000)).toEqual([])
    },
  )
})

describe('a run that proves nothing', () => {
  it('is inconclusive when the fault met no traffic', async () => {
    await using run = await start(['run', 'test/end-to-end/scenarios/unheard.ts'])
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(2)
    expect(stderr).toContain('INCONCLUSIVE')
  })
})
