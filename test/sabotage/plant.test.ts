import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { plant } from './plant.ts'
import { sabotages } from './sabotages.ts'

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
