// Asks a gateway whether it answers: once, or until it does.
import { request } from 'undici'
import type { Meeting } from '../../../faults/process-fault.ts'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { GatecrashError } from '../../../kernel/errors.ts'
import type { Exit } from '../../../kernel/process/exit.ts'
import { withoutSecrets } from '../../../plan/redact.ts'

export interface ReadyOptions {
  /** Path that answers 2xx when the gateway is ready. */
  readyPath: string
  readyWithinMs: Ms
  signal: AbortSignal
}

const ASK_EVERY: Ms = 20
const ANSWER_TIMEOUT: Ms = 1000

/** @throws GatecrashError `gateway_not_ready` when it ends by itself (`exited`) or does not answer in time, with the end of its log */
export async function untilReady(url: string, exited: Promise<Exit>, { readyPath, readyWithinMs, signal }: ReadyOptions): Promise<void> {
  let exit: Exit | undefined
  void exited.then((ended) => (exit = ended))
  const deadline = realClock.now() + readyWithinMs
  let last = 'no connection'
  while (realClock.now() < deadline) {
    if (exit)
      throw new GatecrashError(
        'gateway_not_ready',
        `the gateway ended before it was ready (${exit.signal ?? `code ${exit.code}`})${exit.stderr && `:\n${exit.stderr}`}`,
      )
    try {
      const { statusCode, body } = await request(url + readyPath, { headersTimeout: ANSWER_TIMEOUT, signal })
      // Only the status matters, and a body may never end.
      body.on('error', () => {}).destroy()
      if (statusCode >= 200 && statusCode < 300) return
      last = `status ${statusCode}`
    } catch (error) {
      if (signal.aborted) throw error
      last = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    }
    await realClock.sleep(ASK_EVERY, signal)
  }
  throw new GatecrashError(
    'gateway_not_ready',
    `the gateway did not get ready within ${readyWithinMs / 1000} s: GET ${withoutSecrets(url)}${readyPath} said ${last}. ${remedyFor(last)}`,
  )
}

function remedyFor(last: string): string {
  return last.startsWith('status')
    ? 'Name the path that answers 2xx when it is ready: --ready-path, or readyPath in gatecrash.config'
    : 'It must listen there, a command on 127.0.0.1 at the port that $PORT holds, and answer 2xx'
}

const MEETING_TIMEOUT: Ms = 400

/** What one request to `url` meets, as a process fault looks at it. Never rejects. */
export async function meetGateway(url: string, signal: AbortSignal): Promise<Meeting> {
  const enough = new AbortController()
  const stop = realClock.after(MEETING_TIMEOUT, () => enough.abort())
  try {
    const { body } = await request(url, { signal: AbortSignal.any([signal, enough.signal]) })
    body.on('error', () => {}).destroy()
    return 'answered'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'refused' : enough.signal.aborted ? 'silent' : 'broken'
  } finally {
    stop()
  }
}
