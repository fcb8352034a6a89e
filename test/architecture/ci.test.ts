// CI may excuse a scenario that a slow machine left undecided, and nothing else.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

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
