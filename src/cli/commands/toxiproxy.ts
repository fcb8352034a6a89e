// `gatecrash toxiproxy`: the embedded Toxiproxy server on its own, for people and clients in any language.
import { once } from 'node:events'
import { Command } from 'commander'
import { serveToxiproxy } from '../../toxiproxy/serve.ts'
import type { ExitCode } from '../exit-codes.ts'
import { integer } from '../flags/parse.ts'
import { watchForInterruption } from '../interruption.ts'

interface ToxiproxyFlags {
  port: number
  host: string
  config?: string
  seed: number
  metrics: boolean
}

export function toxiproxyCommand(exit: (code: ExitCode) => void): Command {
  return new Command('toxiproxy')
    .description('Serve the Toxiproxy API (compatible with 2.12) until told to end.')
    .option('--port <n>', 'port of the control API; 0 takes a free one', integer(0, 65_535), 8474)
    .option('--host <address>', 'address of the control API', '127.0.0.1')
    .option('--config <file>', 'JSON array of proxies to begin with')
    .option('--seed <n>', 'decides toxicity and jitter', integer(0), 1)
    .option('--metrics', 'serve Prometheus metrics at /metrics', false)
    .action(async ({ port, host, config, seed, metrics }: ToxiproxyFlags) => {
      // npm dies of a SIGTERM without passing it on. A shell that put a server in the background may end long before it, as in CI steps.
      using interruption = watchForInterruption(() => {}, { parent: process.env['npm_lifecycle_event'] !== undefined })
      await using server = await serveToxiproxy({ port, host, seed, metrics, ...(config !== undefined && { configFile: config }) })
      process.stdout.write(`Toxiproxy API at ${server.url}, seed ${seed}; Ctrl-C ends it\n`)
      if (!interruption.signal.aborted) await once(interruption.signal, 'abort')
      exit(interruption.exitCode ?? 0)
    })
}
