// The bundles of one scenario's repeats, judged together. The merged verdict stands beside them, in reports/<scenario>/repeats-<time>.json.
import { basename, dirname } from 'node:path'
import { loadCriteria } from '../criteria/custom.ts'
import { type PlayedCase, judgeRepeats } from '../judge/repeats.ts'
import type { Verdict } from '../judge/verdict.ts'
import { foldBundle, writeInBundle } from './bundle/bundle.ts'
import { SCHEMA_VERSION } from './bundle/record.ts'
import { stableJson } from './bundle/stable-json.ts'

/**
 * Returns the merged verdict, and the path of its file as it is shown.
 * @throws GatecrashError `invalid_bundle`
 */
export async function mergeRepeats(folders: readonly [string, ...string[]]): Promise<{ verdict: Verdict; path: string }> {
  const [first, ...others] = folders
  const { record, evidence } = await foldBundle(first)
  const runs: [PlayedCase, ...PlayedCase[]] = [{ plan: record.plan, evidence }]
  for (const folder of others) runs.push(await played(folder))
  const verdict = judgeRepeats(runs, await loadCriteria(record.plan), record.observe, record.command)
  const bundles = folders.map((folder) => basename(folder))
  const text = stableJson({ schemaVersion: SCHEMA_VERSION, bundles, verdict })
  return { verdict, path: await writeInBundle(dirname(first), `repeats-${basename(first)}.json`, text) }
}

async function played(folder: string): Promise<PlayedCase> {
  const { record, evidence } = await foldBundle(folder)
  return { plan: record.plan, evidence }
}
