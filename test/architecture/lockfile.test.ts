import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './source.ts'

interface Locked {
  version?: string
  optionalDependencies?: Record<string, string>
}

// A registry that lacks the build of some platform makes `npm install` leave it out of the lock file in silence, and then
// `npm ci` refuses that lock file on every machine. A missing entry is written by hand: version, optional, cpu, os, libc.
it('locks the builds of every platform, as npm ci demands', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
  const wanted = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ place, name })),
  )
  expect(wanted.length).toBeGreaterThan(50)
  const missing = wanted.filter(
    ({ place, name }) => !(`${place}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
  )
  expect(missing).toEqual([])
})
