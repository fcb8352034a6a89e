// One fake as a process fault handles it. All fakes share a process: what goes down, and comes back, is the listener of one.
import { connect } from 'node:net'
import type { Meeting, ProcessHandle } from '../../../faults/process-fault.ts'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { control } from './control.ts'

const MEETING_TIMEOUT: Ms = 400

/** @param port of its traffic */
export function fakeProcess(controlUrl: string, port: number): ProcessHandle {
  const comeBack = (): Promise<void> => control('DELETE', `${controlUrl}/down`)
  return {
    kill: () => control('PUT', `${controlUrl}/down`),
    restart: comeBack,
    ready: async () => {},
    // No fault on an upstream pauses it: a hang is made by the fake itself.
    pause() {},
    resume() {},
    meet: (signal) => meetFake(port, signal),
  }
}

/** What one connection meets. Never rejects. */
function meetFake(port: number, signal: AbortSignal): Promise<Meeting> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const finish = (met: Meeting): void => {
      enough()
      signal.removeEventListener('abort', abandon)
      socket.destroy()
      resolve(met)
    }
    const abandon = (): void => finish('silent')
    const enough = realClock.after(MEETING_TIMEOUT, abandon)
    signal.addEventListener('abort', abandon, { once: true })
    socket.on('connect', () => finish('answered'))
    socket.on('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ECONNREFUSED' ? 'refused' : 'broken'))
  })
}
