// The gateway as a process: started by the environment contract, ended by a signal, its problems told on standard error.
//
//   exit 0 stopped as asked    65 configuration not accepted    69 port taken    70 a defect
import { pino } from 'pino'
import { GatecrashError } from '../kernel/errors.ts'
import { readEnvironment } from './environment.ts'
import { type GatewayOptions, startGateway } from './gateway.ts'

// sysexits.h
const EXIT = { invalid_config: 65, port_taken: 69 } as const
const DEFECT = 70

/** Runs a gateway as this process. `overrides` replace parts of it: a sabotaged gateway is this call with one defect planted. */
export async function runGateway(overrides: Partial<GatewayOptions> = {}): Promise<void> {
  try {
    const log = pino({ base: null, level: process.env.LOG_LEVEL ?? 'warn' })
    const gateway = await startGateway({ ...readEnvironment(process.env), log, ...overrides })
    const stop = (): void => void gateway.stop().then(() => process.exit(0), fail)
    process.once('SIGTERM', stop).once('SIGINT', stop)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  const exit = error instanceof GatecrashError ? (EXIT as Record<string, number>)[error.code] : undefined
  const { message, stack } = error as Error
  process.stderr.write(`gateway: ${exit === undefined ? (stack ?? message) : message}\n`)
  process.exit(exit ?? DEFECT)
}
