// The gateway as a process: started by the environment contract, ended by a signal, its problems told on standard error.
//
//   exit 0 stopped as asked    65 configuration not accepted    69 port taken, or not allowed    70 a defect
import { pino } from 'pino'
import { GatecrashError } from '../kernel/errors.ts'
import { readEnvironment } from './environment.ts'
import { startGateway } from './gateway.ts'

// sysexits.h
const EXIT = new Map<string, number>([
  ['invalid_config', 65],
  ['port_taken', 69],
  ['cannot_listen', 69],
])
const DEFECT = 70

/** Runs a gateway as this process. */
export async function runGateway(): Promise<void> {
  try {
    const { logLevel, ...environment } = readEnvironment(process.env)
    const gateway = await startGateway({ ...environment, log: pino({ base: null, level: logLevel }) })
    const stop = (): void => void gateway.stop().then(() => process.exit(0), fail)
    process.once('SIGTERM', stop).once('SIGINT', stop)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  const exit = error instanceof GatecrashError ? EXIT.get(error.code) : undefined
  const { message, stack } = error as Error
  process.stderr.write(`gateway: ${exit === undefined ? (stack ?? message) : message}\n`)
  process.exit(exit ?? DEFECT)
}
