// Warms the load generator up. Code is compiled when it is first used, so the first requests of a process are milliseconds late.
// The generator therefore plays a short load against a server of its own. (The gateway's warm-up is a phase of the plan.)
import { createServer } from 'node:http'
import type { Clock, Ms } from '../../../kernel/clock.ts'
import { listen } from '../../../kernel/server.ts'
import { type LoadPlan, startLoad } from './generator.ts'
import { openWire } from './wire.ts'

const SPAN: Ms = 40
const PER_SECOND = 1500

/** Takes about 0.1 s. */
export async function warmUpSelf(clock: Clock): Promise<void> {
  await using server = await listen(
    createServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')),
  )
  const wire = openWire(server.url, clock)
  await startLoad(plan, 'warm-up', clock.now(), { clock, wire, write: (event) => JSON.stringify(event) }).done
  await wire.close()
}

const plan: LoadPlan = {
  seed: 1,
  phases: [],
  load: {
    arrivals: 'poisson',
    rate: [{ fromMs: 0, toMs: SPAN, startPerSecond: PER_SECOND, endPerSecond: PER_SECOND }],
    mix: [{ route: 'warm-up', reaches: [], weight: 1, method: 'POST', paths: ['/'], headers: {}, bodies: [{ warm: true }] }],
    timeoutMs: 1000,
  },
}
