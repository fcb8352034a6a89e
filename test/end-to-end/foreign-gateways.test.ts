// Gateways that are not ours, healthy, and made otherwise than most: one of each commit's choice, so that in time all are played.
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { component } from '../components.ts'
import { healthyGateways, runWith } from '../foreign/gateways.ts'
import { runUntilConclusive } from './gatecrash.ts'

// Without a repository, as in an archive of one, it is the first.
function commitNumber(): number {
  try {
    return Number.parseInt(execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).slice(0, 8), 16)
  } catch {
    return 0
  }
}

const present = healthyGateways.filter(({ needs }) => needs === undefined || component(needs).available)
const chosen = present[commitNumber() % present.length]!

it(`does not fail ${chosen.name} in generic-outage: ${chosen.is}`, { timeout: 300_000 }, async () => {
  const { flags, cwd } = runWith(chosen)
  await using run = await runUntilConclusive(['run', 'generic-outage', ...flags], { ...(cwd && { cwd }) })
  const { code, stderr } = run.result
  // Inconclusive three times speaks of the machine.
  expect([0, 2], stderr).toContain(code)
  const { findings } = await run.verdict('generic-outage')
  expect(findings.filter(({ result, severity }) => result === 'fail' && severity === 'error')).toEqual([])
  expect(findings.length).toBeGreaterThan(10)
})
