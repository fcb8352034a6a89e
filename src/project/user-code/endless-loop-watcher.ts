// The thread that watches the main thread (see endless-loops.ts). A debugger can interrupt a thread that listens to nothing, and tells
// where it is.
import { type Debugger, Session } from 'node:inspector'
import { parentPort } from 'node:worker_threads'
import { type Ms, realClock } from '../../kernel/clock.ts'
import type { Frame, ToWatcher } from './endless-loops.ts'

const LOOK_EVERY: Ms = 250

let patience: Ms = Number.POSITIVE_INFINITY
let heardAt: Ms = realClock.now()

parentPort?.on('message', (message: ToWatcher) => {
  heardAt = realClock.now()
  if (message.is === 'watched') patience = message.patienceMs
  else if (message.is === 'unwatched') patience = Number.POSITIVE_INFINITY
})
look()

function look(): void {
  if (isStuck()) endLoop()
  realClock.after(LOOK_EVERY, look)
}

function isStuck(): boolean {
  return realClock.now() - heardAt > patience
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
    const isEndless = realClock.now() - heardAt > limit
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
