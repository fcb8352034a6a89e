// Whether an inconclusive verdict is the machine's doing alone: it says so itself, the run was whole, and nothing failed.
import { readFileSync } from 'node:fs'
import type { Verdict } from '../src/judge/verdict.ts'

const { result, findings, validity } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Verdict
const broken = validity.filter(({ ok }) => !ok)
const failed = findings.filter((finding) => finding.result === 'fail')
const machineAlone = result === 'inconclusive' && failed.length === 0 && broken.length > 0 && broken.every(({ bias }) => bias === 'slower')
console.log(
  machineAlone ? 'NOT DECIDED: this machine was too slow for a verdict, each time' : 'inconclusive, and not because of the machine',
)
for (const { sentence } of broken) console.log(`  ${sentence}`)
process.exitCode = machineAlone ? 0 : 2
