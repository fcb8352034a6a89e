// Plants a sabotage: from a change to the command that starts the gateway with the defect.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Edits, Sabotage } from './sabotage.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Planted extends AsyncDisposable {
  /** For `--gateway`. */
  readonly command: string
  /** The copy of the tree that has the defect. */
  readonly folder?: string
}

/** Throws when an edit does not fit the tree: a defect that is not planted would be one that is not caught. */
export async function plant({ id, change }: Sabotage): Promise<Planted> {
  if (!('edits' in change)) return { command: change.command, [Symbol.asyncDispose]: async () => {} }
  const copy = await mkdtemp(join(tmpdir(), 'gatecrash-sabotage-'))
  const planted = {
    folder: copy,
    command: `"${process.execPath}" ${join(copy, 'src/gateway/main.ts')}`,
    [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
  }
  try {
    await makeCopy(copy, id, change)
    return planted
  } catch (error) {
    await planted[Symbol.asyncDispose]()
    throw error
  }
}

async function makeCopy(copy: string, id: string, { edits }: Edits): Promise<void> {
  // What the gateway may import, and no more.
  for (const room of ['kernel', 'contract', 'policies', 'gateway'])
    await cp(join(ROOT, 'src', room), join(copy, 'src', room), { recursive: true })
  await cp(join(ROOT, 'package.json'), join(copy, 'package.json'))
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  for (const { file, find, put } of edits) {
    const path = join(copy, file)
    const source = await readFile(path, 'utf8')
    if (source.split(find).length !== 2) throw new Error(`${id}: not exactly once in ${file}: ${find}`)
    await writeFile(
      path,
      source.replace(find, () => put),
    )
  }
}
