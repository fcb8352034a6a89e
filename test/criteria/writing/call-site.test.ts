import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('remembers the file and the line on which each was finished', () => {
  // In a process of its own: the test runner rewrites files before it runs them, and with them their lines.
  const folder = mkdtempSync(join(tmpdir(), 'criteria-'))
  const file = join(folder, 'written.ts')
  const builders = new URL('../../../src/criteria/builders.ts', import.meta.url).href
  writeFileSync(
    file,
    [
      `import { breaker, errorRate } from '${builders}'`,
      '',
      "const one = breaker('gemini')",
      "const two = errorRate().below('1%')",
      'const three: unknown = one',
      '  .staysClosed()',
      'console.log(JSON.stringify([two, three]))',
    ].join('\n'),
  )
  const sourcesIn = (cwd: string): unknown =>
    (JSON.parse(execFileSync(process.execPath, [file], { cwd, encoding: 'utf8' })) as { source: unknown }[]).map(({ source }) => source)
  const real = realpathSync(folder)
  const sources = (path: string) => [4, 6].map((line) => ({ file: path, line }))
  expect(sourcesIn(real)).toEqual(sources('written.ts'))
  expect(sourcesIn(process.cwd())).toEqual(sources(join(real, 'written.ts')))
  rmSync(folder, { recursive: true })
})
