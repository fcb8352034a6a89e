import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** In a process of its own: what is ended is whatever its main thread does. */
async function play(kind: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)('node', [`${import.meta.dirname}/loops.ts`, kind], { timeout: 20_000 })
  return JSON.parse(stdout)
}

it.each([
  ['a loop', 'loops.ts:8'],
  ['a loop that catches everything', 'loops.ts:13'],
  ['promise reactions without an end', 'loops.ts:21'],
  ['a regular expression that backtracks', 'loops.ts:23'],
])('ends %s, says where it was, and goes on', async (kind, where) => {
  expect(await play(kind)).toEqual({ told: where, done: [] })
})

it.each(['a loop of 100 ms', 'a wait of 1700 ms'])('leaves %s alone', async (kind) => {
  expect(await play(kind)).toEqual({ told: 'it ended', done: [] })
})
