import { expect, it } from 'vitest'
import { InTurn } from '../../../src/gateway/services/in-turn.ts'

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('runs work on one key one after the other, in the order that it was asked for', async () => {
  const turns = new InTurn()
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} begins`)
    await later()
    seen.push(`${name} ends`)
    return name
  }
  expect(await Promise.all([turns.run('ada', work('a')), turns.run('ada', work('b'))])).toEqual(['a', 'b'])
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

it('lets work on another key run meanwhile', async () => {
  const turns = new InTurn()
  let underWay = 0
  let most = 0
  const work = async (): Promise<void> => {
    most = Math.max(most, ++underWay)
    await later()
    underWay--
  }
  await Promise.all([turns.run('ada', work), turns.run('bob', work)])
  expect(most).toBe(2)
})

it('goes on after work that failed, and holds nothing when all is done', async () => {
  const turns = new InTurn()
  const failing = turns.run('ada', async () => {
    throw new Error('no')
  })
  const next = turns.run('ada', async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
  expect(turns.size).toBe(0)
})
