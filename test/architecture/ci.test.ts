// CI may excuse a scenario that a slow machine left undecided, and nothing else; and it plays what was changed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { chosen } from '../../.ci/scenarios.ts'

const slow = { id: 'stolen_time', ok: false, bias: 'slower', sentence: 'the host withheld 60% of the processor time in the worst phase' }
const whole = { id: 'load_delivered', ok: true, bias: 'blind', sentence: 'all of it' }
const missing = { ...whole, ok: false, sentence: 'recovery got 3 of 4,000 planned requests' }

it.each([
  ['a slow machine', { result: 'inconclusive', findings: [{ result: 'inconclusive' }], validity: [whole, slow] }, 0],
  ['a failure on a slow machine', { result: 'fail', findings: [{ result: 'fail' }], validity: [whole, slow] }, 2],
  ['load that was not delivered', { result: 'inconclusive', findings: [], validity: [missing, slow] }, 2],
  ['too few samples on a quick machine', { result: 'inconclusive', findings: [{ result: 'inconclusive' }], validity: [whole] }, 2],
])('%s', (_, verdict, expected) => {
  const file = join(mkdtempSync(join(tmpdir(), 'gatecrash-')), 'verdict.json')
  writeFileSync(file, JSON.stringify(verdict))
  const { status, stdout } = spawnSync(process.execPath, ['.ci/too-slow.ts', file], { encoding: 'utf8' })
  expect(status, stdout).toBe(expected)
  expect(stdout).toContain(expected === 0 ? 'NOT DECIDED' : 'not because of the machine')
})

it('no verdict at all', () => {
  expect(spawnSync(process.execPath, ['.ci/too-slow.ts', 'reports/none/verdict.json'], { encoding: 'utf8' }).status).not.toBe(0)
})

it('plays gemini-outage, what the last commits changed, and another quarter of the rest for each commit', () => {
  const names = ['gemini-outage', ...Array.from({ length: 9 }, (_, at) => `story-${at}`)]
  const played = chosen(names, 'c0ffee', ['src/index.ts', 'scenarios/story-3.ts'])
  expect(played.slice(0, 2)).toEqual(['gemini-outage', 'story-3'])
  expect(played).toHaveLength(4)
  expect(chosen(names, 'c0ffee', [])).toEqual(chosen(names, 'c0ffee', []))
  const many = ['gemini-outage', ...Array.from({ length: 30 }, (_, at) => `story-${at}`)]
  const all = many.map((name) => `scenarios/${name}.ts`)
  expect(chosen(many, 'c0ffee', all)).toHaveLength(12)
  const inTime = new Set(Array.from({ length: 40 }, (_, commit) => chosen(names, `${commit}`, [])).flat())
  expect(inTime.size).toBe(names.length)
})
