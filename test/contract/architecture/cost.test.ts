// What one more of each family costs: it is added to a copy of the tree, which must type-check and run. CONTRIBUTING says the same.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { additions, use } from './additions.ts'

const copy = mkdtempSync(join(tmpdir(), 'additions-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

beforeAll(() => {
  for (const part of ['src', 'scenarios', 'fake-upstreams', 'package.json', 'tsconfig.json'])
    cpSync(part, join(copy, part), { recursive: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'))
  for (const { add = {}, edit = {} } of additions) {
    for (const [path, text] of Object.entries(add)) {
      mkdirSync(dirname(join(copy, path)), { recursive: true })
      writeFileSync(join(copy, path), text)
    }
    for (const [path, changes] of Object.entries(edit)) {
      let text = readFileSync(join(copy, path), 'utf8')
      for (const [find, put] of changes) {
        if (text.split(find).length !== 2) throw new Error(`${path}: ${JSON.stringify(find)} does not stand there once`)
        text = text.replace(find, () => put)
      }
      writeFileSync(join(copy, path), text)
    }
  }
})

const run = (program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(program, args, { cwd: copy, encoding: 'utf8' })

describe('one more', () => {
  it.each(additions.map((addition) => [addition.what, addition] as const))('%s touches as many files as is said', (_what, addition) => {
    const touched = [...Object.keys(addition.add ?? {}), ...Object.keys(addition.edit ?? {})]
    expect(touched).toHaveLength(addition.files)
  })

  it('of each is all that the compiler asks for', () => {
    const { status, stdout } = run('node_modules/.bin/tsc', '--noEmit', '--project', 'tsconfig.json')
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  it('of each works, wherever its family is used', () => {
    writeFileSync(join(copy, 'use.mjs'), use)
    const { status, stdout, stderr } = run(process.execPath, 'use.mjs')
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      sentence: 'share of fallbacks during all',
      n: 1000,
      claim: 'clock stays quick',
      faults: ['request', 'network', 'process'],
      curfew: { until: 5000 },
      refusal: 'shed',
      services: { greeting: { words: 'hello' } },
      mute: true,
      sections: expect.arrayContaining(['greeting', 'why']),
      flag: '--loudly',
      warmest: 31,
      outcome: 'redirected',
      unknownWeather: true,
    })
  })
})

it('says in CONTRIBUTING what each costs', () => {
  const text = readFileSync('.github/CONTRIBUTING.md', 'utf8')
  for (const { what, files } of additions) expect(text).toContain(`| ${what} | ${files} |`)
})
