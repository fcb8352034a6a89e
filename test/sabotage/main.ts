// `npm run sabotage [-- id…] [--seed n]` plays each sabotage live, and prints what caught it.
//
//   M04   any number of probes     killed by C7 gemini's half-open breaker lets…   too_many_probes   seed 42
//
// Exit code 1 when one survives, or is caught for another reason than its own first.
import { parseArgs } from 'node:util'
import { component } from '../components.ts'
import { start } from '../end-to-end/gatecrash.ts'
import type { Verdict } from '../../src/judge/verdict.ts'
import { plant } from './plant.ts'
import type { Sabotage } from './sabotage.ts'
import { sabotages } from './sabotages.ts'

const { positionals: asked, values } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: '42' } } })
const unknown = asked.filter((id) => !sabotages.some((sabotage) => sabotage.id === id))
if (unknown.length > 0) throw new Error(`no such sabotage: ${unknown.join(', ')}; there are ${sabotages.map(({ id }) => id).join(', ')}`)

const chosen = sabotages.filter(({ id }) => asked.length === 0 || asked.includes(id))
let killed = 0
let skipped = 0
for (const sabotage of chosen) {
  const { change } = sabotage
  if ('needs' in change && change.needs && !component(change.needs).available) {
    skipped++
    continue
  }
  const { ok, text } = await play(sabotage, values.seed)
  if (ok) killed++
  console.log(`${sabotage.id.padEnd(26)} ${sabotage.title.padEnd(56)} ${text}`)
}
console.log(`${killed} of ${chosen.length - skipped} killed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = killed === chosen.length - skipped ? 0 : 1

async function play(sabotage: Sabotage, seed: string): Promise<{ ok: boolean; text: string }> {
  await using planted = await plant(sabotage)
  await using run = await start([
    'run',
    sabotage.scenario,
    '--seed',
    seed,
    '--json',
    '--gateway',
    planted.command,
    ...(sabotage.flags ?? []),
  ])
  const { stdout, stderr } = await run.ended
  if (stdout.trim() === '') return { ok: false, text: `NOT PLAYED: ${stderr.trim().split('\n').at(-1)}` }
  const told = judged(sabotage, JSON.parse(stdout) as Verdict)
  if (!told.ok || sabotage.visibleIn === 'events') return { ...told, text: `${told.text}   seed ${seed}` }
  await using again = await start(['judge', await run.bundle((JSON.parse(stdout) as Verdict).scenario), '--observe', 'traffic', '--json'])
  const alone = judged(sabotage, JSON.parse((await again.ended).stdout) as Verdict)
  return { ok: alone.ok, text: `${told.text}   seed ${seed}   from traffic alone: ${alone.ok ? 'the same' : alone.text}` }
}

function judged({ expect }: Sabotage, verdict: Verdict): { ok: boolean; text: string } {
  const [first] = verdict.findings
  if (verdict.result !== 'fail' || first?.cause === undefined)
    return { ok: false, text: `SURVIVED: ${verdict.result}: ${verdict.why[0] ?? ''}` }
  const text = `${first.id} ${first.sentence}   ${first.cause}`
  return expect.includes(first.cause)
    ? { ok: true, text: `killed by ${text}` }
    : { ok: false, text: `WRONG REASON: ${text}; expected ${expect.join(' or ')}` }
}
