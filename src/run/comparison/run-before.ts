// The run before this one: the newest earlier bundle of the same scenario, beside this one's.
import { readFile, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GatecrashError } from '../../kernel/errors.ts'
import { regularFile } from '../../kernel/regular-file.ts'
import { journalOf, judgeBundle } from '../bundle/bundle.ts'
import type { JudgedRun } from '../judged-run.ts'
import { type RunRecord, parseRunRecord } from '../bundle/record.ts'
import { whyRecordsDiffer } from './comparable.ts'

/** How far back one is looked for that can be compared. */
const LOOK_BACK = 10
// Folding takes about a second for 20 MB. A report must not wait for minutes; `compare` does.
const MOST_BYTES = 200_000_000

/**
 * The newest of the last ten that is played in the same way on the same machine; without one, undefined. Bundles that cannot be read, as
 * those of another version, are passed over.
 */
export async function runBefore(folder: string, record: RunRecord): Promise<JudgedRun | undefined> {
  for (const place of await earlierBundles(folder)) {
    const before = await quietly(() => recordOf(place))
    if (before === undefined || whyRecordsDiffer(before, record).length > 0) continue
    const size = await stat(journalOf(place)).catch(() => undefined)
    if (size === undefined || size.size > MOST_BYTES) continue
    const judged = await quietly(() => judgeBundle(place))
    if (judged?.evidence.end.reason === 'complete') return judged
  }
  return undefined
}

/** Newest first. A bundle's folder is named for the time at which its run started. */
async function earlierBundles(folder: string): Promise<string[]> {
  const place = await realpath(folder)
  const [parent, own] = [dirname(place), basename(place)]
  if (!isBundle.test(own)) return []
  const names = await readdir(parent)
  return names
    .filter((name) => isBundle.test(name) && name < own)
    .toSorted()
    .toReversed()
    .slice(0, LOOK_BACK)
    .map((name) => join(parent, name))
}

const isBundle = /^\d{4}-\d\d-\d\dT[\d-]+Z(?:-\d+)?$/

async function recordOf(place: string): Promise<RunRecord> {
  const path = join(place, 'run.json')
  return parseRunRecord(await readFile(await regularFile(path), 'utf8'), path)
}

/** Undefined for what is missing or no bundle; what is a defect is thrown. */
async function quietly<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof GatecrashError || (error as NodeJS.ErrnoException).code !== undefined) return undefined
    throw error
  }
}
