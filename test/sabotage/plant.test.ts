import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { plant } from './plant.ts'
import { sabotages } from './sabotages.ts'
import { plantedAs, unplanted } from './unplanted.ts'

it('plants every known defect, or says why not', () => {
  const known = [['M', 60] as const, ['J', 13] as const].flatMap(([table, last]) =>
    Array.from({ length: last }, (_, at) => `${table}${table === 'M' ? String(at + 1).padStart(2, '0') : at + 1}`),
  )
  const planted = new Set(sabotages.map(({ id }) => id))
  const told = known.map((id) => [id, [planted.has(id), id in plantedAs, id in unplanted].filter(Boolean).length])
  expect(told).toEqual(known.map((id) => [id, 1]))
  const files = Object.values(unplanted).flatMap((why) => why.match(/test\/[\w./-]+/g) ?? [])
  expect(files.filter((file) => !existsSync(file))).toEqual([])
  expect(Object.values(plantedAs).filter((id) => !planted.has(id))).toEqual([])
})

describe('every sabotage', () => {
  it('has an id of its own', () => {
    const ids = sabotages.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(sabotages.filter(({ change }) => 'edits' in change).map((sabotage) => [sabotage.id, sabotage] as const))(
    '%s still fits the gateway',
    async (_id, sabotage) => {
      await using planted = await plant(sabotage)
      const main = /"[^"]+" (.+)/.exec(planted.command)![1]!
      expect(await readFile(main, 'utf8')).toContain('runGateway')
    },
  )
})
