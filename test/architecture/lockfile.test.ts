import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './source.ts'

interface Locked {
  dev?: boolean
  optional?: boolean
  devOptional?: boolean
  peer?: boolean
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }

// A registry that lacks the build of some platform makes `npm install` leave it out of the lock file in silence, and then
// `npm ci` refuses that lock file on every machine. A missing entry is written by hand: version, optional, cpu, os, libc.
it('locks the builds of every platform, as npm ci demands', () => {
  const wanted = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ place, name })),
  )
  expect(wanted.length).toBeGreaterThan(50)
  const missing = wanted.filter(
    ({ place, name }) => !(`${place}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
  )
  expect(missing).toEqual([])
})

// Who tries the tool once, waits for every one of them. `npm install gatecrash` adds these, and no optional peer.
it('brings at most 100 packages along', () => {
  const installed = Object.entries(packages).filter(
    ([place, { dev, optional, devOptional, peer }]) => place !== '' && !dev && !optional && !devOptional && !peer,
  )
  expect(installed.length).toBeGreaterThan(30)
  expect(installed.length).toBeLessThanOrEqual(100)
})
