// The command line under attack: broken bundles, broken scenario files, and arguments that nobody means. Each is answered with a sentence
// and an exit code of the table, never a defect (70), and none lasts. `npm test` plays a twentieth; ATTACKS=1 plays all, ATTACK_SEED others.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { listen } from '../../../../src/kernel/server.ts'
import { lines, record } from '../../../run/bundle/whole-bundle.ts'
import { argumentVector } from './argument-vectors.ts'
import { writeBrokenBundle } from './broken-bundles.ts'
import { writeBrokenScenario } from './broken-scenarios.ts'
import type { Came } from './play-lines.ts'

const share = Number(process.env['ATTACKS'] ?? 0.05)
const seed = Number(process.env['ATTACK_SEED'] ?? 1)
const timeout = 60_000 + share * 500_000
/** Of one command line, on a machine that others share. */
const LONGEST = 15_000

const folder = mkdtempSync(join(tmpdir(), 'attack-'))
beforeAll(() => {
  mkdirSync(join(folder, 'scenarios'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(folder, { recursive: true }))

it(`judges or refuses broken bundles of seed ${seed}`, { timeout }, async () => {
  const random = seededRandom(seed)
  const named = Array.from({ length: 1000 * share }, (_, at) =>
    writeBrokenBundle(join(folder, `bundle-${at}`), random.stream(`bundle/${at}`)),
  )
  const codes = await play(
    named.map((name) => ['judge', name]),
    [0, 1, 2, 65],
  )
  expect(codes.get(65)).toBeGreaterThan(named.length / 4)
  expect((codes.get(1) ?? 0) + (codes.get(2) ?? 0)).toBeGreaterThan(0)
})

it(`plans or refuses broken scenario files of seed ${seed}`, { timeout }, async () => {
  const random = seededRandom(seed)
  const files = Array.from({ length: 500 * share }, (_, at) => writeBrokenScenario(folder, `broken-${at}`, random.stream(`scenario/${at}`)))
  const codes = await play(
    files.map((file) => ['show', file]),
    [0, 65],
  )
  expect(codes.get(65)).toBeGreaterThan(files.length / 4)
})

it(`understands or refuses argument vectors of seed ${seed}`, { timeout }, async () => {
  const random = seededRandom(seed)
  await using taken = await listen(createServer())
  const bundle = join(folder, 'whole')
  mkdirSync(bundle, { recursive: true })
  writeFileSync(join(bundle, 'run.json'), JSON.stringify(record))
  writeFileSync(join(bundle, 'journal.ndjson'), `${lines.join('\n')}\n`)
  const [sound, unplanned] = [join(folder, 'scenarios', 'fine.ts'), join(folder, 'scenarios', 'unplanned.ts')]
  const text = readFileSync('scenarios/steady.ts', 'utf8')
    .replace(/'\.\.\/(src\/.*)'/, (_, path: string) => `'${resolve(path)}'`)
    .replace(/'\.\/(systems\/.*)'/, (_, path: string) => `'${resolve('scenarios', path)}'`)
    .replace("'steady', {", "'fine', {")
  writeFileSync(sound, text)
  writeFileSync(unplanned, text.replace("'fine', {", "'unplanned', {").replace('below(', 'under('))
  const surroundings = { sound, unplanned, bundle, takenPort: taken.port }
  const vectors = Array.from({ length: 2000 * share }, (_, at) => argumentVector(random.stream(`vector/${at}`), surroundings))
  const codes = await play(vectors, [0, 1, 2, 64, 65, 69])
  for (const code of [0, 64, 65]) expect(codes.get(code)).toBeGreaterThan(0)
})

/** Plays them in the folder. Returns how often each exit code came. @throws Error naming the first that did what none may do */
async function play(vectors: string[][], allowed: readonly number[]): Promise<Map<number, number>> {
  const [linesFile, cameFile] = [join(folder, 'lines.json'), join(folder, 'came.ndjson')]
  rmSync(cameFile, { force: true })
  writeFileSync(linesFile, JSON.stringify(vectors))
  const script = resolve(import.meta.dirname, 'play-lines.ts')
  const stderr = await new Promise<string>((done) => {
    execFile('node', [script, linesFile, cameFile], { cwd: folder, timeout: timeout - 10_000 }, (_error, _stdout, text) => done(text))
  })
  const came = existsSync(cameFile)
    ? readFileSync(cameFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Came)
    : []
  const codes = new Map<number, number>()
  const wrong: object[] = []
  for (const [at, { code, tookMs, told }] of came.entries()) {
    codes.set(code, (codes.get(code) ?? 0) + 1)
    const isFine = allowed.includes(code) && tookMs < LONGEST && !/^\s+at |^A defect in|thrown late/m.test(told)
    if (!isFine) wrong.push({ args: vectors[at], code, tookMs, told })
  }
  console.info(`${came.length} command lines; exit codes: ${[...codes].map(([code, times]) => `${code} ×${times}`).join(', ')}`)
  expect(wrong.slice(0, 5), `ATTACK_SEED=${seed}, ${wrong.length} of ${came.length}`).toEqual([])
  expect(came.length, `never ended, or ended the process: ${JSON.stringify(vectors[came.length])}\n${stderr}`).toBe(vectors.length)
  return codes
}
