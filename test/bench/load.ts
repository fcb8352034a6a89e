// How much open-loop load one generator process can send and still be punctual, as a share of what autocannon gets out of the
// same server when it sends as fast as it is answered. The share is what can be compared between machines; the rates are not.
//
//   A rate counts as sent if p99 of lateness (sent − due) is below 20 ms, every arrival was sent, and every answer was good.
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { startRole } from '../../src/kernel/process/start-role.ts'
import type { Ms } from '../../src/kernel/clock.ts'
import type { LoadPlan } from '../../src/stage/live/load/generator.ts'
import { percentile, playLoad } from '../contract/stage/live/load/load-run.ts'
import type { StaticServerInfo } from './load/static-server.ts'

const GOAL = 0.1
const LATENESS_LIMIT: Ms = 20
const SECONDS = 2
// Whoever else uses the machine makes a sender late; nobody makes it punctual. A rate that held once can be held.
const TRIES = 3
// The warm-up phase that every scenario has; not measured here either.
const WARM_UP: Ms = 500
// The highest rate is known to within one part in ten.
const PRECISION = 1.1
const LEAST = 100

await using server = await startRole<StaticServerInfo>('static server', new URL('load/static-server.ts', import.meta.url), null)
const { url } = server.info

const closed = await closedLoopRate(url)
console.log(`autocannon, closed loop, 50 connections: ${perSecond(closed)}`)

let good = 0
let bad = closed
for (let rate = closed * 2 * GOAL; bad > good * PRECISION && bad > LEAST; rate = good === 0 ? bad / 2 : Math.sqrt(good * bad)) {
  if (await holds(rate, url)) good = rate
  else bad = rate
}

const ratio = good / closed
console.log(
  `gatecrash, open loop, p99 lateness < ${LATENESS_LIMIT} ms: ${perSecond(good)} = ${ratio.toFixed(2)} × autocannon (goal ≥ ${GOAL})`,
)
if (ratio < GOAL) process.exitCode = 1

async function holds(rate: number, target: string): Promise<boolean> {
  const seen: string[] = []
  let lateness = Infinity
  while (lateness >= LATENESS_LIMIT && seen.length < TRIES) {
    lateness = await latenessAt(rate, target)
    seen.push(`${lateness.toFixed(1)} ms`)
  }
  console.log(`  open loop at ${perSecond(rate)}: p99 lateness ${seen.join(', ')}`)
  return lateness < LATENESS_LIMIT
}

/** p99 of lateness after the warm-up; infinite when a request was not sent or not answered well. */
async function latenessAt(rate: number, target: string): Promise<Ms> {
  const span = WARM_UP + SECONDS * 1000
  const plan: LoadPlan = {
    seed: 1,
    phases: [{ name: 'all', startMs: 0, endMs: span, warmUp: false, expected: 0 }],
    load: {
      arrivals: 'poisson',
      rate: [
        { fromMs: 0, toMs: WARM_UP, startPerSecond: rate / 10, endPerSecond: rate },
        { fromMs: WARM_UP, toMs: span, startPerSecond: rate, endPerSecond: rate },
      ],
      mix: [{ route: 'get', reaches: [], weight: 1, method: 'GET', paths: ['/'], headers: {}, bodies: [] }],
      timeoutMs: 5000,
    },
  }
  const { requests, loads, origin } = await playLoad(plan, target)
  const { due, sent } = loads.at(-1) ?? { due: 0, sent: -1 }
  const measured = requests.filter((request) => request.due >= origin + WARM_UP)
  if (sent !== due || measured.length === 0 || measured.some(({ outcome }) => outcome !== 'ok')) return Infinity
  return percentile(
    measured.map((request) => request.sent - request.due),
    0.99,
  )
}

/** Requests per second, by autocannon in a process of its own. */
async function closedLoopRate(target: string): Promise<number> {
  const autocannon = createRequire(import.meta.url).resolve('autocannon')
  const flags = ['--json', '--no-progress', '-c', '50', '-W', '[', '-c', '50', '-d', '1', ']', '-d', String(SECONDS)]
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...flags, target])
  // One line for its warm-up, one for the run.
  const run = stdout.trim().split('\n').at(-1)!
  return (JSON.parse(run) as { requests: { average: number } }).requests.average
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en')}/s`
}
