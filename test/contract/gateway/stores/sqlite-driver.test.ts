import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../../../src/gateway/stores/sqlite-driver.ts'
import { descriptorsOf } from '../../../../src/kernel/process/group.ts'
import { storeSuite } from './store-suite.ts'

async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), 'gatecrash-store-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

describe('a store in a file of SQLite', () => {
  storeSuite(async () => {
    const { folder, ...rest } = await scratch()
    return { open: () => openSqlite({ path: join(folder, 'gateway.db') }), ...rest }
  })

  it('names the file and the remedy when it is no database', async () => {
    await using place = await scratch()
    const path = join(place.folder, 'notes.txt')
    await writeFile(path, 'This is no database, but a text of several words.\n'.repeat(100))
    await expect(openSqlite({ path })).rejects.toThrow(`the store ${path} cannot be opened: file is not a database; name another file`)
    await expect(openSqlite({ path: join(place.folder, 'missing', 'gateway.db') })).rejects.toThrow('unable to open database file')
  })

  it('leaves no file open', async () => {
    await using place = await scratch()
    const path = join(place.folder, 'gateway.db')
    const openAndClose = async (): Promise<void> => (await openSqlite({ path })).close()
    await openAndClose()
    const before = await descriptorsOf(process.pid)
    for (let time = 0; time < 20; time++) await openAndClose()
    expect(await descriptorsOf(process.pid)).toBeLessThanOrEqual(before! + 2)
  })
})
