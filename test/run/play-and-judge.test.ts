import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { playAndJudge } from '../../src/run/play-and-judge.ts'
import type { OpenStage, PlayOptions, Stage, StageEnd } from '../../src/stage/stage.ts'
import { plan } from '../report/reference-run.ts'

let out: string
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'runs-'))
})
afterEach(() => rm(out, { recursive: true, force: true }))

const { scenario, seed } = plan
const run: JournalEvent = {
  type: 'run',
  t: 1,
  schemaVersion: 2,
  scenario,
  seed,
  run: 'r',
  origin: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
}

/** A stage that does what `play` does, and notes what is done with it. */
function stageWith(play: (on: PlayOptions) => Promise<StageEnd>): { stage: Stage; opened: OpenStage; log: string[] } {
  const log: string[] = []
  const close = (): Promise<void> => Promise.resolve(void log.push('closed'))
  const opened: OpenStage = {
    toxiproxy: { kind: 'embedded', version: 'gatecrash' },
    proxies: {},
    async play(_plan, on) {
      log.push('played')
      return await play(on)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
  const open = (): Promise<OpenStage> => {
    log.push('opened')
    return Promise.resolve(opened)
  }
  return { stage: { kind: 'simulated', open }, opened, log }
}

const complete = ({ sink }: PlayOptions): Promise<StageEnd> => {
  sink.write(run)
  return Promise.resolve({ reason: 'complete' })
}
const about = { gateway: { kind: 'reference' }, toxiproxy: 'embedded', command: 'npm run scenario -- x' } as const
const { signal } = new AbortController()
const journalOf = async (folder: string): Promise<JournalEvent[]> =>
  (await readFile(join(folder, 'journal.ndjson'), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalEvent)

it('opens a stage for the run, closes it, and leaves a bundle with a verdict', async () => {
  const { stage, log } = stageWith(complete)
  const played = await playAndJudge(plan, { stage, out, about, signal })
  expect(log).toEqual(['opened', 'played', 'closed'])
  if (played.is !== 'judged') throw new Error(played.error.message)
  expect((await readdir(played.folder)).toSorted()).toEqual(['journal.ndjson', 'run.json', 'verdict.json'])
  expect(JSON.parse(await readFile(join(played.folder, 'verdict.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(played.verdict)))
  expect(played.record.toxiproxy).toEqual({ kind: 'embedded', version: 'gatecrash' })
  expect((await journalOf(played.folder)).at(-1)).toMatchObject({ type: 'end', reason: 'complete' })
})

it('plays on a stage that is open already, and leaves it open', async () => {
  const { opened, log } = stageWith(complete)
  for (let count = 0; count < 2; count++)
    expect(await playAndJudge(plan, { stage: opened, out, about, signal })).toMatchObject({ is: 'judged' })
  expect(log).toEqual(['played', 'played'])
  expect(await readdir(join(out, scenario))).toHaveLength(2)
})

it('lets others watch from the first event to the last', async () => {
  const { stage } = stageWith(complete)
  const seen: string[] = []
  const watch: Parameters<typeof playAndJudge>[1]['watch'] = (sink) => sink.subscribe(['run', 'end'], ({ type }) => seen.push(type))
  await playAndJudge(plan, { stage, out, about, signal, watch, onOpen: () => seen.push('open') })
  expect(seen).toEqual(['open', 'run', 'end'])
})

it('says why a plan could not be played, and keeps that in the journal', async () => {
  const { stage, log } = stageWith(() => Promise.reject(new GatecrashError('gateway_not_ready', 'it never answered')))
  const played = await playAndJudge(plan, { stage, out, about, signal })
  expect(played).toMatchObject({ is: 'not_played', error: { code: 'gateway_not_ready' } })
  expect(log.at(-1)).toBe('closed')
  expect(await journalOf(played.folder)).toMatchObject([{ type: 'end', reason: 'failed', detail: 'it never answered' }])
})

it('does not hide a defect, and still ends the journal', async () => {
  const { stage } = stageWith(() => Promise.reject(new TypeError('x is not a function')))
  await expect(playAndJudge(plan, { stage, out, about, signal })).rejects.toThrow('x is not a function')
  const [folder] = await readdir(join(out, scenario))
  expect(await journalOf(join(out, scenario, folder!))).toMatchObject([{ type: 'end', reason: 'failed' }])
})
