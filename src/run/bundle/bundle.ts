// A run's folder: reports/<scenario>/<time>/ with journal.ndjson, run.json, verdict.json, junit.xml, report.html,
// gateway.json (its settings) and gateway.log, both without secrets; reports/<scenario>/latest points to the newest.
import { lstat, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { GatecrashError } from '../../kernel/errors.ts'
import { regularFile } from '../../kernel/regular-file.ts'
import type { Evidence } from '../../evidence/evidence.ts'
import type { JournalEvent } from '../../evidence/events.ts'
import { createFold } from '../../evidence/fold/fold.ts'
import { readJournal } from '../../evidence/journal.ts'
import { loadCriteria } from '../../criteria/custom.ts'
import { withObservedBreakers } from '../../criteria/measure/breaker/observed-breakers.ts'
import type { Observation } from '../../criteria/finding/observation.ts'
import { judge } from '../../judge/judge.ts'
import type { Verdict } from '../../judge/verdict.ts'
import { cannotRead } from './cannot-write.ts'
import type { JudgedRun } from '../judged-run.ts'
import { type RunRecord, jsonOrUndefined, parseRunRecord, refuseOtherVersion } from './record.ts'
import { stableJson } from './stable-json.ts'

/** Makes the folder; two runs that begin in the same millisecond get different ones. */
export async function createBundle(out: string, scenario: string, startedAt: Date): Promise<string> {
  const stamp = startedAt.toISOString().replaceAll(/[:.]/g, '-')
  const parent = resolve(out, scenario)
  await makeFolder(parent)
  for (let count = 1; ; count++) {
    const folder = join(parent, count === 1 ? stamp : `${stamp}-${count}`)
    try {
      await mkdir(folder)
      return folder
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Node's own recursive mkdir never ends below /proc, where no folder can be made (seen with Node 26). */
async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      const isFolder = error.code === 'EEXIST' && (await stat(path)).isDirectory()
      if (!isFolder) throw error
    })
  await make().catch(async (error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'ENOENT' && dirname(path) !== path
    if (!isMissing) throw error
    await makeFolder(dirname(path))
    await make()
  })
}

export const journalOf = (folder: string): string => join(folder, 'journal.ndjson')

export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  await writeInBundle(folder, 'run.json', stableJson(record))
}

export async function writeVerdict(folder: string, verdict: Verdict): Promise<void> {
  await writeInBundle(folder, 'verdict.json', stableJson(verdict))
}

/**
 * Judges a bundle from its journal and its plan, and nothing else: the same bundle gives the same verdict, byte for byte.
 * `observe` says whose word counts about breakers, in place of what the run's record says. `alsoTo` gets each line of the journal too.
 * @throws GatecrashError `invalid_bundle`
 */
export async function judgeBundle(folder: string, observe?: Observation, alsoTo?: (event: JournalEvent) => void): Promise<JudgedRun> {
  const { record: recorded, evidence: seen } = await foldBundle(folder, alsoTo)
  const record = observe === undefined ? recorded : { ...recorded, observe }
  const { plan } = record
  const { evidence } = withObservedBreakers({ plan, evidence: seen }, record.observe)
  return { record, evidence, verdict: judge(plan, seen, await loadCriteria(plan), record.observe, record.command) }
}

/**
 * What a bundle holds of a run, as it was seen. `alsoTo` gets each line of the journal too.
 * @throws GatecrashError `invalid_bundle`
 */
export async function foldBundle(
  folder: string,
  alsoTo?: (event: JournalEvent) => void,
): Promise<{ record: RunRecord; evidence: Evidence }> {
  const place = join(folder, 'run.json')
  const read = async (): Promise<string> => readFile(await regularFile(place), 'utf8')
  const text = await read().catch((cause: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(cause.code))) throw cannotRead(cause, shownPath(place))
    throw new GatecrashError(
      'invalid_bundle',
      `${folder} is not a run bundle: it has no run.json; name a folder such as reports/gemini-outage/latest`,
      { cause },
    )
  })
  const record = parseRunRecord(text, place)
  const fold = createFold(record.plan)
  await readJournal(journalOf(folder), (event) => {
    fold.add(event)
    alsoTo?.(event)
  })
  return { record, evidence: fold.result() }
}

/**
 * The result that a bundle holds; undefined without a verdict, as of a run that could not be played.
 * @throws GatecrashError `invalid_bundle` for a bundle of another version
 */
export async function recordedResult(folder: string): Promise<string | undefined> {
  const place = join(folder, 'verdict.json')
  const read = async (): Promise<string> => readFile(await regularFile(place), 'utf8')
  const verdict = jsonOrUndefined(await read().catch(() => ''))
  refuseOtherVersion(verdict, shownPath(place))
  return typeof verdict === 'object' && verdict !== null && 'result' in verdict ? String(verdict.result) : undefined
}

/** Writes a file of the bundle; a reader never meets half of it. Returns its path as it is shown. */
export async function writeInBundle(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(`${path}.part`, text)
  await rename(`${path}.part`, path)
  return shownPath(path)
}

/**
 * Lets `latest` beside the bundle point to it. What is there and no link, such as an artifact that was unpacked, is set aside.
 * Returns a sentence where `latest` is not, or not only, what a reader expects. On a file system without links there is no `latest`.
 */
export async function pointLatest(folder: string): Promise<string | undefined> {
  const link = join(dirname(folder), 'latest')
  const fresh = `${link}.${process.pid}`
  try {
    await symlink(basename(folder), fresh)
    const held = await lstat(link).catch(() => undefined)
    const aside = held && !held.isSymbolicLink() ? `${link}-before-${basename(folder)}` : undefined
    if (aside !== undefined) await rename(link, aside)
    await rename(fresh, link)
    return aside === undefined ? undefined : `${shownPath(link)} was no link: it is ${shownPath(aside)} now`
  } catch (cause) {
    await rm(fresh, { force: true })
    const held = await lstat(link).catch(() => undefined)
    return held && `${shownPath(link)} still speaks of an older run: it cannot be replaced (${(cause as Error).message})`
  }
}

export function shownPath(path: string): string {
  const near = relative(process.cwd(), path)
  return near.startsWith('..') ? path : near
}
