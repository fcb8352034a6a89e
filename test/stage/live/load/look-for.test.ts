import { expect, it } from 'vitest'
import { lookFor } from '../../../../src/stage/live/load/look-for.ts'
import { planOf } from '../../../judge/history.ts'

const [gemini, assemblyai] = planOf().load.mix as [ReturnType<typeof planOf>['load']['mix'][0], ReturnType<typeof planOf>['load']['mix'][0]]
const look = lookFor([
  { key: 'k1', upstream: 'gemini', header: 'x-a' },
  { key: 'k2', upstream: 'gemini', json: { a: 'number' } },
])

it('tells what an answer carries and what it lacks', () => {
  expect(look(gemini, { 'x-a': '1' }, () => ({ value: { a: 1 } }))).toEqual({ carries: ['k1', 'k2'] })
  expect(look(gemini, {}, () => ({ value: { a: 1 } }))).toEqual({ carries: ['k2'], lacks: ['k1'] })
  expect(look(gemini, {}, () => ({ value: undefined }))).toEqual({ lacks: ['k1', 'k2'] })
})

it('says nothing of a body that cannot be looked at', () => {
  expect(look(gemini, { 'x-a': '1' }, () => 'untold')).toEqual({ carries: ['k1'] })
})

it('does not read the body where nothing is asked of it', () => {
  const read = (): never => {
    throw new Error('read')
  }
  expect(look(assemblyai, { 'x-a': '1' }, read)).toEqual({})
  expect(lookFor([{ key: 'k1', upstream: 'gemini', header: 'x-a' }])(gemini, {}, read)).toEqual({ lacks: ['k1'] })
})
