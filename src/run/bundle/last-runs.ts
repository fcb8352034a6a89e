// What the newest bundles in a folder say: of each scenario its last result, and where it is written.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { regularFile } from '../../kernel/regular-file.ts'
import { recordedResult } from './bundle.ts'
import { jsonOrUndefined } from './record.ts'

export interface LastRun {
  scenario: string
  /** The scenario's file, as the run recorded it. */
  source: string
  result: string
}

const ran = z.looseObject({ plan: z.looseObject({ scenario: z.string(), source: z.string() }) })

/**
 * Those with a verdict, by name. No folder: none.
 * @throws GatecrashError `invalid_bundle` for a bundle of another version
 */
export async function lastRuns(out: string): Promise<LastRun[]> {
  const names = await readdir(out).catch((): string[] => [])
  const runs: LastRun[] = []
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const folder = join(out, name, 'latest')
    const result = await recordedResult(folder)
    if (result === undefined) continue
    const text = await regularFile(join(folder, 'run.json')).then(
      (file) => readFile(file, 'utf8'),
      () => '',
    )
    const { data } = ran.safeParse(jsonOrUndefined(text))
    runs.push({ scenario: data?.plan.scenario ?? name, source: data?.plan.source ?? name, result })
  }
  return runs
}
