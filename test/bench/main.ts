// `npm run bench [name…]`: runs the benches of this folder one after the other, each in a process of its own so that none
// inherits another's warm code or garbage. A bench prints its ratios and sets exit code 1 when it misses its goal.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const folder = new URL('./', import.meta.url)
const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && file !== 'main.ts')
const benches = files.map((file) => file.slice(0, -'.ts'.length)).toSorted()

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !benches.includes(name))
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are: ${benches.join(', ')}`)
  process.exit(64)
}

const failed: string[] = []
for (const name of asked.length > 0 ? asked : benches) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`)
  const bench = spawn(process.execPath, [fileURLToPath(new URL(`${name}.ts`, folder))], { stdio: 'inherit' })
  const [code] = (await once(bench, 'exit')) as [number | null]
  if (code !== 0) failed.push(name)
}

if (failed.length > 0) {
  console.error(`\nmissed: ${failed.join(', ')}`)
  process.exitCode = 1
}
