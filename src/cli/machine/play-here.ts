// Plays a plan of our own live, to measure this machine: with the reference gateway, and without leaving a bundle.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plan } from '../../plan/plan.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { playAndJudge } from '../../run/play-and-judge.ts'
import { liveStage } from '../../stage/live/live-stage.ts'
import { stageOptions } from '../flags/flags.ts'
import { gateway } from '../flags/gateway/gateway.ts'

/**
 * `command`: the one that plays it.
 * @throws GatecrashError when it could not be played, as a run
 */
export async function playHere(plan: Plan, command: string, signal: AbortSignal): Promise<JudgedRun> {
  const out = await mkdtemp(join(tmpdir(), 'gatecrash-machine-'))
  try {
    const about = { gateway: gateway.default, toxiproxy: 'embedded', command }
    const run = await playAndJudge(plan, { stage: liveStage({ ...stageOptions({}), toxiproxy: 'embedded' }), out, about, signal })
    if (run.is === 'not_played') throw run.error
    return run
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}
