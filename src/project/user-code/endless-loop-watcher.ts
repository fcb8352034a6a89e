// The thread that watches the main thread (see endless-loops.ts). A debugger can interrupt a thread that listens to nothing, and tells
// where it is.
import { type Debugger, Session } from 'node:inspector'
import { parentPort } from 'node:worker_threads'
import { type Ms, realClock } from '../../kernel/clock.ts'
import type { Frame, ToWatcher } from './endless-loops.ts'

const LOOK_EVERY: Ms = 250

/** What works so long is stuck. So is what stands still for much longer: on a busy machine a sound file may wait long for a processor. */
const STANDS_STILL = 6

let patience: Ms = Number.POSITIVE_INFINITY
let heardAt: Ms = realClock.now()
let workedThen: Ms = processorTime()

parentPort?.on('message', (message: ToWatcher) => {
  heardAt = realClock.now()
  workedThen = processorTime()
  if (message.is === 'watched') patience = message.patienceMs
  else if (message.is === 'unwatched') patience = Number.POSITIVE_INFINITY
})
look()

function look(): void {
  if (isStuck()) endLoop()
  realClock.after(LOOK_EVERY, look)
}

function isStuck(limit = patience): boolean {
  return processorTime() - workedThen > limit || realClock.now() - heardAt > STANDS_STILL * limit
}

/** Of all threads of the process: the others do next to nothing meanwhile. */
function processorTime(): Ms {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function endLoop(): void {
  // Once is enough: what comes next is heard of anew.
  const limit = patience
  patience = Number.POSITIVE_INFINITY
  const session = new Session()
  session.connectToMainThread()
  const urls = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url))
  session.on('Debugger.paused', ({ params }) => {
    // It may have gone on by itself in the meantime.
    const isEndless = isStuck(limit)
    if (isEndless) session.post('Runtime.terminateExecution')
    session.post('Debugger.disable', () => session.disconnect())
    if (isEndless) parentPort?.postMessage(params.callFrames.map((frame) => shown(frame, urls)))
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}

function shown({ location }: Debugger.CallFrame, urls: ReadonlyMap<string, string>): Frame {
  return { url: urls.get(location.scriptId) ?? '', line: location.lineNumber + 1 }
}
