// Plays a plan on a stage, keeps all of it in a bundle, and judges what was kept. It prints nothing: who wants to watch subscribes.
//
//   plan ──▶ stage ──▶ sink ──▶ journal ──fold──▶ evidence ──judge──▶ verdict
import { loadCriteria } from '../criteria/custom.ts'
import type { EndEvent } from '../evidence/events.ts'
import { type EventSink, createEventSink } from '../evidence/event-sink.ts'
import { openJournal } from '../evidence/journal.ts'
import { type Ms, realClock, wallClock } from '../kernel/clock.ts'
import { GatecrashError } from '../kernel/errors.ts'
import type { Plan } from '../plan/plan.ts'
import { calibrationMeter } from '../simulation/calibration/meter.ts'
import { loadCast } from '../simulation/simulate.ts'
import type { OpenStage, PlayOptions, Stage, StageEnd } from '../stage/stage.ts'
import { type RecordInput, beginRecord } from './bundle/begin-record.ts'
import { createBundle, journalOf, judgeBundle, writeRecord, writeVerdict } from './bundle/bundle.ts'
import type { JudgedRun } from './judged-run.ts'

export interface PlayAndJudgeOptions {
  /** A stage is opened for this run alone. One that is open already stays open. */
  stage: Stage | OpenStage
  /** Folder of bundles: this run's is `out`/scenario/time. */
  out: string
  /** What run.json says of where the plan is played. */
  about: Pick<RecordInput, 'gateway' | 'toxiproxy' | 'simulated' | 'observe' | 'project' | 'command'>
  /** Aborting it stops the play; what was recorded by then is judged. */
  signal: AbortSignal
  /** Called before the first event. */
  watch?: (sink: Pick<EventSink, 'subscribe'>) => void
  /** Called when the stage is open, before the gateway is started. */
  onOpen?: (stage: OpenStage) => void
}

export type PlayedRun =
  | ({ is: 'judged'; folder: string } & JudgedRun)
  /** The load never began; `folder` holds the logs. */
  | { is: 'not_played'; folder: string; error: GatecrashError }

/**
 * @throws GatecrashError `invalid_scenario` when a criterion of the project's own is not found; what is no GatecrashError: a defect, or
 * a folder that cannot be written (see `cannotWrite`)
 */
export async function playAndJudge(plan: Plan, { stage, out, about, signal, watch, onOpen }: PlayAndJudgeOptions): Promise<PlayedRun> {
  // A criterion of the project's own that cannot be found would otherwise be missed only after the play.
  await loadCriteria(plan)
  const startedAt = wallClock()
  const folder = await createBundle(out, plan.scenario, startedAt)
  const record = await beginRecord({ plan, startedAt, ...about })
  await writeRecord(folder, record)
  const journal = openJournal(journalOf(folder))
  const sink = createEventSink(journal)
  watch?.(sink)
  let now = (): Ms => realClock.now()
  const play = async (): Promise<StageEnd> => {
    const on: PlayOptions = { sink, folder, signal }
    const begin = (opened: OpenStage): Promise<StageEnd> => {
      record.toxiproxy = opened.toxiproxy
      now = () => opened.now?.() ?? realClock.now()
      onOpen?.(opened)
      return opened.play(plan, on)
    }
    if ('play' in stage) return begin(stage)
    await using opened = await stage.open(plan, signal)
    // Awaited here: the stage would be closed on leaving this scope.
    return await begin(opened)
  }
  try {
    await ended({ sink, signal, now: () => now() }, play)
  } catch (error) {
    if (error instanceof GatecrashError) return { is: 'not_played', folder, error }
    throw error
  } finally {
    journal.close()
    record.endedAt = wallClock().toISOString()
    await writeRecord(folder, record)
  }
  // The simulation has the reference gateway, and what it adds to times.
  const meter =
    record.simulated || record.gateway.kind !== 'reference' ? undefined : calibrationMeter(plan, (await loadCast(plan)).upstreams)
  const judged = await judgeBundle(folder, undefined, meter?.add)
  await writeVerdict(folder, judged.verdict)
  if (!meter) return { is: 'judged', folder, ...judged }
  const measured = meter.result()
  await writeRecord(folder, { ...record, measured })
  return { is: 'judged', folder, ...judged, record: { ...judged.record, measured } }
}

interface Ending {
  sink: EventSink
  signal: AbortSignal
  now: () => Ms
}

/** Writes the journal's last line when everything else is over, whatever happened. */
async function ended({ sink, signal, now }: Ending, play: () => Promise<StageEnd>): Promise<void> {
  const end = (how: StageEnd): void => sink.write({ type: 'end', t: now(), ...how } satisfies EndEvent)
  try {
    end(await play())
  } catch (error) {
    end(signal.aborted ? { reason: 'interrupted' } : { reason: 'failed', detail: (error as Error).message })
    throw error
  }
}
