// The live runs that a simulation is held against: bundles that are there already, or played now.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { start } from '../end-to-end/gatecrash.ts'

/** Of each scenario that has bundles in these folders: as they are written below `--out`, or a bundle itself. */
export function bundlesIn(folders: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const folder of folders.flatMap(bundlesBelow)) {
    const scenario = folder.split('/').at(-2)!
    found.set(scenario, [...(found.get(scenario) ?? []), folder])
  }
  return found
}

/** One that was not judged is no run, or is still being played. */
const isBundle = (folder: string): boolean => existsSync(join(folder, 'run.json')) && existsSync(join(folder, 'verdict.json'))

function bundlesBelow(folder: string): string[] {
  if (isBundle(folder)) return [folder]
  const below = (place: string): string[] =>
    readdirSync(place, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(place, entry.name)] : []))
  return below(folder).flatMap(below).filter(isBundle).toSorted()
}

/** Plays a scenario live, and hands its bundle to `look`. */
export async function playLive<Seen>(name: string, seed: string, look: (bundle: string) => Promise<Seen>): Promise<Seen> {
  await using run = await start(['run', name, '--seed', seed])
  const { stderr } = await run.ended
  const bundle = await run.bundle(name).catch(() => '')
  if (!isBundle(bundle)) throw new Error(`${name} was not played: ${stderr.trim().split('\n').at(-1)}`)
  return look(bundle)
}
