// `npm run foreign [-- name…] [--scenario generic-outage] [--seed n]` plays healthy gateways that are not ours in generic scenarios.
//
//   opossum:gzip         generic-outage      pass
//   gobreaker            generic-hang        inconclusive: C14 p95 of gemini during steady is…: the harness was slow
//
// Exit code 1 when one fails. Inconclusive is a run whose machine was too slow; anything else there deserves a look, too.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Verdict } from '../../src/judge/verdict.ts'
import { component } from '../components.ts'
import { start } from '../end-to-end/gatecrash.ts'
import { FOLDER, healthyGateways, runWith } from './gateways.ts'

const { positionals: asked, values } = parseArgs({
  allowPositionals: true,
  options: { scenario: { type: 'string', multiple: true }, seed: { type: 'string', default: '42' } },
})
const unknown = asked.filter((name) => !healthyGateways.some((gateway) => gateway.name === name))
if (unknown.length > 0)
  throw new Error(`no such gateway: ${unknown.join(', ')}; there are ${healthyGateways.map(({ name }) => name).join(', ')}`)

const generic = readdirSync(join(FOLDER, '..', '..', 'scenarios')).filter((file) => file.startsWith('generic-'))
const scenarios = values.scenario ?? generic.map((file) => file.slice(0, -'.ts'.length)).toSorted()

for (const gateway of healthyGateways.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const { name, needs } = gateway
  if (needs && !component(needs).available) continue
  for (const scenario of scenarios) {
    const told = await play(gateway, scenario)
    console.log(`${name.padEnd(27)} ${scenario.padEnd(18)} ${told}`)
    if (!/^(pass|inconclusive)/.test(told)) process.exitCode = 1
  }
}

async function play(gateway: (typeof healthyGateways)[number], scenario: string): Promise<string> {
  const { flags, cwd } = runWith(gateway)
  await using run = await start(['run', scenario, '--seed', values.seed, '--json', ...flags], { ...(cwd && { cwd }) })
  const { stdout, stderr } = await run.ended
  if (stdout.trim() === '') return `NOT PLAYED: ${stderr.trim().split('\n').at(-1)}`
  // What `--json` prints is a verdict.
  const { result, why, warnings } = JSON.parse(stdout) as Verdict
  if (result === 'pass') return warnings === 0 ? 'pass' : `pass, warnings: ${warnings}`
  return `${result === 'fail' ? 'FAIL' : result}: ${why[0] ?? ''}`
}
