import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const { refusal } = createRequire(import.meta.url)('../../src/cli/gatecrash.cjs') as {
  refusal: (platform: string, version: string, engines: string) => string | undefined
}
const { node: engines } = manifest.engines

it.each([
  ['linux', '24.0.0'],
  ['linux', '26.10.0'],
  ['darwin', '100.0.0'],
])('runs on %s with Node %s', (platform, version) => {
  expect(refusal(platform, version, engines)).toBeUndefined()
})

it.each(['20.19.2', '18.0.0', '9.11.2', '23.11.1'])('refuses Node %s in a sentence that says which it needs', (version) => {
  expect(refusal('linux', version, engines)).toBe(
    `Gatecrash needs Node 24 or newer, and this is ${version}: install one, or let the project bring its own (npm install --save-dev node@24).`,
  )
})

it('names WSL on Windows, whatever its Node', () => {
  expect(refusal('win32', '18.0.0', engines)).toMatch(/^Gatecrash does not run on Windows itself: run it in WSL, .*\.$/)
})

it('is the program of the package, written as an old Node reads it', () => {
  expect(manifest.bin.gatecrash).toBe('dist/src/cli/gatecrash.cjs')
  const code = readFileSync('src/cli/gatecrash.cjs', 'utf8').replaceAll(/'[^']*'|\/\/.*|\/\*[^]*?\*\//g, '')
  expect(code).toContain('import(')
  expect(code).not.toMatch(/\bconst\b|\blet\b|=>|`|\?\.|\?\?|\bawait\b|\basync\b/)
})
