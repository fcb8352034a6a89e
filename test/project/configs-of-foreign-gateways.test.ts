// The configs in test/foreign are examples that README links: each is valid though the program that it starts may be missing here.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { loadProject } from '../../src/project/load-project.ts'
import { FOLDER, healthyGateways } from '../foreign/gateways.ts'

const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'gatecrash.config.ts')))

// The first import of all that a config imports may take longer than a config may take.
beforeAll(async () => {
  await import(pathToFileURL(join(FOLDER, folders[0]!, 'gatecrash.config.ts')).href)
}, 120_000)

it('plays every config of test/foreign as a healthy gateway', () => {
  expect(folders.length).toBeGreaterThan(3)
  expect(healthyGateways.flatMap((gateway) => ('folder' in gateway ? [gateway.name] : [])).toSorted()).toEqual(folders.toSorted())
})

it.each(folders)('finds nothing wrong with the config of %s', async (name) => {
  const project = await loadProject(join(FOLDER, name), () => {})
  expect(project?.gateway?.choice?.kind).toBe('command')
  expect(Object.keys(project?.system?.upstreams ?? {})).toHaveLength(2)
})
