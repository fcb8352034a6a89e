// The cases that a resilient call must pass, by id, and the tests that carry the id in their names: `node test/policies/conformance.ts` prints them.
//
//   C closed breaker   H half-open   R retry   T timeout   B bulkhead   L rate limit   F fallback   O observation   A adaptive   X hedging
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const COUNTS = { C: 26, H: 28, R: 30, T: 10, B: 8, L: 8, F: 5, O: 4, A: 1, X: 1 }
const TESTS = fileURLToPath(new URL('../', import.meta.url))

export const cases: string[] = Object.entries(COUNTS).flatMap(([letter, count]) =>
  Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`),
)

/** Test files, below test/, by case. */
export function whereTested(): Map<string, string[]> {
  const files = globSync('**/*.test.ts', { cwd: TESTS }).toSorted()
  const texts = files.map((file) => ({ file, text: readFileSync(`${TESTS}${file}`, 'utf8') }))
  return new Map(cases.map((id) => [id, texts.filter(({ text }) => new RegExp(`['"\`]${id}[ …]`).test(text)).map(({ file }) => file)]))
}

if (import.meta.main) for (const [id, files] of whereTested()) console.log(`${id}  ${files.join(', ') || 'NOWHERE'}`)
