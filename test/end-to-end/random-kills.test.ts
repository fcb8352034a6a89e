// Signals at random moments to a random process of a run: it ends by itself with a code of its own and a sentence, and nothing of it is
// left. KILL_RUNS sets how many runs; each is named by its seed, and KILL_SEED repeats one of them.
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { realClock } from '../../src/kernel/clock.ts'
import { type Started, leftAfter, start } from './gatecrash.ts'

const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'
const signals = ['SIGKILL', 'SIGSTOP', 'SIGHUP', 'SIGTERM'] as const
const roles = ['conductor', 'keeper-role', 'gateway/main', 'load/role', 'upstreams/role', 'toxiproxy/role'] as const
const RUN_TAKES = 16_000

const runs = Number(process.env['KILL_RUNS'] ?? 3)
const first = Number(process.env['KILL_SEED'] ?? 1)

/** Waits at most so long for the end; undefined when it still runs. */
const endWithin = async (run: Started, ms: number): Promise<Awaited<Started['ended']> | undefined> =>
  Promise.race([run.ended, realClock.sleep(ms).then(() => undefined)])

describe('a run of which a process gets a signal at any moment', () => {
  it.each(Array.from({ length: runs }, (_, at) => first + at))('seed %i', async (seed) => {
    const draw = seededRandom(seed)
    const [signal, role, atMs] = [signals[draw.integer(4)]!, roles[draw.integer(6)]!, draw.integer(RUN_TAKES)]
    const what = `${signal} to ${role} after ${atMs} ms`
    await using run = await start(['run', QUICK])
    await realClock.sleep(atMs)
    if (role === 'conductor') run.kill(signal)
    // It may not have begun yet, or have ended.
    else await run.killRole(role, signal).catch(() => {})
    if (role === 'conductor' && signal === 'SIGSTOP') {
      // What stands still ends nothing; the end of it does.
      await realClock.sleep(2000)
      run.kill('SIGKILL')
    }
    const end = await endWithin(run, 60_000)
    expect(end, what).toBeDefined()
    const { code, stderr } = end!
    // Before it has said anything it is not yet there to be asked.
    const mustTell = role !== 'conductor' || (signal !== 'SIGKILL' && signal !== 'SIGSTOP' && stderr !== '')
    const told = {
      code: role === 'conductor' || [0, 1, 2, 69].includes(code!),
      sentence: !mustTell || /PASS|FAIL|INCONCLUSIVE|could not be played|INTERRUPTED/.test(stderr),
      trace: /\n {4}at /.test(stderr),
      left: await leftAfter(run, 5000),
    }
    expect(told, `${what}: ${code}\n${stderr}`).toEqual({ code: true, sentence: true, trace: false, left: [] })
  })
})
