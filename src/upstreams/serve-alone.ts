// A fake upstream on its own: `node fake-upstreams/gemini.ts --port 9101`. The last line of each definition calls this.
import { Command, InvalidArgumentError } from 'commander'
import { GatecrashError } from '../kernel/errors.ts'
import { serveControlled } from './serve-controlled.ts'
import type { Upstream } from './define.ts'

interface Flags {
  port: number
  host: string
  controlPort: number
  controlHost: string
  seed: number
}

/**
 * Serves `upstream` as the command line says, prints its addresses, and ends on SIGINT, SIGTERM or SIGHUP.
 * Exit codes: 64 for a wrong command line, 69 for a port that is taken.
 */
export async function serveAlone(upstream: Upstream, argv: readonly string[] = process.argv): Promise<void> {
  const command = new Command(upstream.name)
    .description(`A fake ${upstream.name}, with faults to be set through its control API.`)
    .option('--port <port>', 'port for traffic; 0: a free one', wholeNumber(65_535), 0)
    .option('--host <address>', 'address for traffic; 0.0.0.0 in a container', '127.0.0.1')
    .option('--control-port <port>', 'port of the control API; 0: a free one', wholeNumber(65_535), 0)
    .option('--control-host <address>', 'address of the control API', '127.0.0.1')
    .option('--seed <number>', 'decides answers, latencies and which requests faults hit', wholeNumber(2 ** 32 - 1), 1)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 64))
  const flags = command.parse(argv).opts<Flags>()

  try {
    const served = await serveControlled(upstream, flags)
    process.stdout.write(`${upstream.name}  traffic  ${served.traffic.url}\n${upstream.name}  control  ${served.control.url}\n`)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void served.close())
  } catch (error) {
    if (!(error instanceof GatecrashError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 69
  }
}

function wholeNumber(highest: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) <= highest) return Number(text)
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${highest}.`)
  }
}
