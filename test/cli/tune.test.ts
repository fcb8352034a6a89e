// `tune` as it is typed: what it refuses, where it leaves what it found, and how it is resumed.
import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tuneCommand } from '../../src/cli/commands/tune.ts'
import { type Spoken, spoken } from './spoken.ts'

let out: string
beforeEach(async () => void (out = await mkdtemp(join(tmpdir(), 'tunings-'))))
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(out, { recursive: true })
})

const RANGE = ['--set', 'orders.breaker.failures=8..14']
async function tune(...words: string[]): Promise<Spoken> {
  const said = await spoken(tuneCommand, ['test/tuning/scenarios/planted.ts', '--confirm', '0', '--workers', '1', '--out', out, ...words])
  vi.restoreAllMocks()
  return said
}
const latest = (file: string): string => join(out, '_tune', 'latest', file)

it('is resumed as often as one likes, and finds the same', { timeout: 120_000 }, async () => {
  const first = await tune(...RANGE, '--trials', '20')
  expect(first.code).toBe(0)
  expect(first.stderr).toMatch(/RECOMMENDED {2}planted/)
  const found = await readFile(latest('tune.json'), 'utf8')
  const folder = await readlink(join(out, '_tune', 'latest'))
  for (const _ of ['once', 'again']) {
    const { code } = await tune(...RANGE, '--trials', '20', '--resume')
    expect(code).toBe(0)
    expect(await readFile(latest('tune.json'), 'utf8')).toBe(found)
    expect(await readlink(join(out, '_tune', 'latest'))).toBe(folder)
  }
})

it('can be resumed after it was killed, and not after its code changed', { timeout: 120_000 }, async () => {
  await tune(...RANGE, '--trials', '20')
  const found = await readFile(latest('tune.json'), 'utf8')
  const lines = (await readFile(latest('trials.ndjson'), 'utf8')).split('\n')
  await rm(latest('tune.json'))
  await writeFile(latest('trials.ndjson'), lines.slice(0, 6).join('\n'))
  await tune(...RANGE, '--trials', '20', '--resume')
  expect(await readFile(latest('tune.json'), 'utf8')).toBe(found)
  const others = lines.map((line) => line.replace(/"wastedCalls":\d+/, '"wastedCalls":77'))
  await writeFile(latest('trials.ndjson'), others.join('\n'))
  await expect(tune(...RANGE, '--trials', '20', '--resume')).rejects.toThrow(
    /trials\.ndjson is of another tuning, and cannot be resumed: the same trial has another result now, as code changed since; leave out/,
  )
})

it('is bounded by trials or by time', async () => {
  await expect(tune(...RANGE, '--trials', '20', '--within', '1m')).rejects.toThrow('--trials 20 and --within both bound the search')
})
