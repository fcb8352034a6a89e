// `npm run mutate [id…]` plants each defect of mutants.ts in a copy of the policies, one at a time, and runs their unit tests on it.
// It prints which test killed each mutant. Exit code 1 when one survives.
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Mutant, mutants } from './mutants.ts'

const TEST_TIMEOUT = 60_000
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Report {
  numTotalTests: number
  testResults: { message: string; name: string; assertionResults: { status: string; fullName: string }[] }[]
}

const asked = process.argv.slice(2)
const chosen = mutants.filter(({ id }) => asked.length === 0 || asked.includes(id))
if (chosen.length === 0) throw new Error(`no such mutant; there are ${mutants.map(({ id }) => id).join(', ')}`)

const copy = await mkdtemp(join(tmpdir(), 'gatecrash-mutation-'))
try {
  for (const path of ['src/kernel', 'src/contract', 'src/policies', 'test/policies', 'test/property-runs.ts'])
    await cp(join(ROOT, path), join(copy, path), { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }')

  const healthy = await failures()
  if (healthy.length > 0) throw new Error(`the tests fail without a mutant: ${healthy.join('; ')}`)
  let survivors = 0
  for (const mutant of chosen) {
    const [killer] = await withMutant(mutant)
    if (!killer) survivors++
    console.log(`${mutant.id.padEnd(5)} ${mutant.is.padEnd(62)} ${killer ? `killed by "${killer}"` : 'SURVIVED'}`)
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} killed`)
  process.exitCode = survivors > 0 ? 1 : 0
} finally {
  await rm(copy, { recursive: true })
}

async function withMutant({ id, file, find, put }: Mutant): Promise<string[]> {
  const path = join(copy, 'src/policies', file)
  const source = await readFile(path, 'utf8')
  if (source.split(find).length !== 2) throw new Error(`${id}: not exactly once in ${file}: ${find}`)
  await writeFile(
    path,
    source.replace(find, () => put),
  )
  const killers = await failures()
  await writeFile(path, source)
  return killers
}

/** Names of the tests that fail. A test file that cannot even be loaded is no kill, but a mistake in the mutant. */
async function failures(): Promise<string[]> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const output = join(copy, 'report.json')
  await rm(output, { force: true })
  // The properties would kill most mutants, too. A single example is quicker, and its failure is easier to understand. The test of the
  // conformance list looks at tests that are not in the copy.
  const flags = [
    'run',
    '--root',
    copy,
    '--reporter=json',
    `--outputFile=${output}`,
    '--bail=1',
    '--exclude=**/{*-properties,conformance}.test.ts',
  ]
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [vitest, ...flags], { timeout: TEST_TIMEOUT }, () => resolve())
  })
  const text = await readFile(output, 'utf8').catch(() => undefined)
  if (text === undefined) return [`the tests, which do not end in ${TEST_TIMEOUT} ms`]
  const { numTotalTests, testResults } = JSON.parse(text) as Report
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  )
  const broken = testResults.find(({ message }) => message !== '')
  if (numTotalTests === 0 || (failed.length === 0 && broken)) throw new Error(`no test was run: ${broken?.name}: ${broken?.message}`)
  return failed
}
