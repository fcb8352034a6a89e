// Signals at random moments to a random process of a run: it ends by itself with a code of its own and a sentence, and nothing of it is
// left. KILL_RUNS sets how many runs; each is named by its seed, and KILL_SEED repeats one of them. Every second run uses a Toxiproxy that
// others use too: nothing of the run is left there either; of the others every third has a crowd.
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/kernel/random.ts'
import { realClock } from '../../src/kernel/clock.ts'
import { serveToxiproxy } from '../../src/toxiproxy/serve.ts'
import { ask } from '../contract/toxiproxy/ask.ts'
import { type Started, leftAfter, start } from './gatecrash.ts'

const OUTAGE = 'test/end-to-end/scenarios/quick-outage.ts'
const CROWD = 'test/end-to-end/scenarios/quick-crowd.ts'
const HOLE = 'test/end-to-end/scenarios/quick-hole.ts'
const signals = ['SIGKILL', 'SIGSTOP', 'SIGHUP', 'SIGTERM'] as const
const roles = ['conductor', 'keeper-role', 'gateway/main', 'load/role', 'upstreams/role', 'toxiproxy/role'] as const
const rolesOnShared = [...roles, 'held/role'] as const
const rolesOfCrowd = [...roles, 'saturation/role'] as const
/** From the command to the verdict, roughly. */
const TAKES = { [OUTAGE]: 16_000, [HOLE]: 11_000, [CROWD]: 15_000 }

const runs = Number(process.env['KILL_RUNS'] ?? 3)
const first = Number(process.env['KILL_SEED'] ?? 1)

/** Waits at most so long for the end; undefined when it still runs. */
const endWithin = async (run: Started, ms: number): Promise<Awaited<Started['ended']> | undefined> =>
  Promise.race([run.ended, realClock.sleep(ms).then(() => undefined)])

describe('a run of which a process gets a signal at any moment', () => {
  it.each(Array.from({ length: runs }, (_, at) => first + at))('seed %i', async (seed) => {
    const draw = seededRandom(seed)
    const isShared = seed % 2 === 0
    const isCrowded = !isShared && seed % 3 === 0
    const scenario = isShared ? HOLE : isCrowded ? CROWD : OUTAGE
    const from = isShared ? rolesOnShared : isCrowded ? rolesOfCrowd : roles
    const [signal, role, atMs] = [signals[draw.integer(4)]!, from[draw.integer(from.length)]!, draw.integer(TAKES[scenario])]
    const what = `${signal} to ${role} after ${atMs} ms${isShared ? ', on a shared Toxiproxy' : ''}`
    await using shared = await serveToxiproxy({ port: 0 })
    await ask(shared.url, '/proxies', { name: 'theirs', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' })
    await using run = await start(['run', scenario, ...(isShared ? ['--toxiproxy', shared.url] : [])])
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
      onShared: Object.keys(await ask<Record<string, unknown>>(shared.url, '/proxies')),
    }
    expect(told, `${what}: ${code}\n${stderr}`).toEqual({ code: true, sentence: true, trace: false, left: [], onShared: ['theirs'] })
  })
})
