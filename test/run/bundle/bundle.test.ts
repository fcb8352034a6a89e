import { mkdir, mkdtemp, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createBundle, judgeBundle, pointLatest } from '../../../src/run/bundle/bundle.ts'

let out: string
beforeEach(async () => (out = await mkdtemp(join(tmpdir(), 'bundles-'))))
afterEach(() => rm(out, { recursive: true }))

const at = (second: number): Promise<string> => createBundle(out, 'steady', new Date(Date.UTC(2026, 0, 1, 0, 0, second)))
const latest = (): string => join(out, 'steady', 'latest')

it('lets latest point to the newest bundle', async () => {
  expect(await pointLatest(await at(1))).toBeUndefined()
  expect(await pointLatest(await at(2))).toBeUndefined()
  expect(await readlink(latest())).toBe('2026-01-01T00-00-02-000Z')
})

it.each(['a folder', 'a file'])('sets aside what is there and no link, and says so: %s', async (kind) => {
  const folder = await at(1)
  if (kind === 'a folder') {
    await mkdir(latest())
    await writeFile(join(latest(), 'verdict.json'), 'old')
  } else await writeFile(latest(), 'old')
  const said = await pointLatest(folder)
  expect(await readlink(latest())).toBe('2026-01-01T00-00-01-000Z')
  const aside = (await readdir(join(out, 'steady'))).find((name) => name.startsWith('latest-before-'))!
  expect(
    await readFile(join(out, 'steady', aside, kind === 'a folder' ? 'verdict.json' : ''), 'utf8').catch(() =>
      readFile(join(out, 'steady', aside), 'utf8'),
    ),
  ).toBe('old')
  expect(said).toMatch(/latest was no link: it is .*latest-before-2026-01-01T00-00-01-000Z now$/)
})

it('leaves nothing of its own behind where a link cannot be made', async () => {
  const folder = await at(1)
  await writeFile(`${latest()}.${process.pid}`, '')
  expect(await pointLatest(folder)).toBeUndefined()
})

it.each<[string, () => Promise<string>, string]>([
  ['is not there', () => Promise.resolve(join(out, 'nowhere')), 'invalid_bundle'],
  ['is a file', () => Promise.resolve(import.meta.filename), 'invalid_bundle'],
  ['has a folder for its run.json', async () => (await mkdir(join(out, 'run.json')), out), 'invalid_bundle'],
  ['is a link to itself', async () => (await symlink('circle', join(out, 'circle')), join(out, 'circle')), 'system_refused'],
  ['has a name that is too long', () => Promise.resolve(join(out, 'a'.repeat(5000))), 'system_refused'],
])('refuses a bundle that %s', async (_, make, code) => {
  await expect(judgeBundle(await make())).rejects.toMatchObject({ code, message: expect.stringContaining('run.json') as string })
})
