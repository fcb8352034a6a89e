// `gatecrash toxiproxy`: the embedded Toxiproxy server on its own, for people and clients in any language.
import { Command } from 'commander'
import { serveToxiproxy } from '../../toxiproxy/serve.ts'
import type { ExitCode } from '../exit-codes.ts'

export function toxiproxyCommand(exit: (code: ExitCode) => void): Command {
  return new Command('toxiproxy')
    .description('Serve the Toxiproxy API (compatible with 2.12) until told to end.')
    .option('--port <n>', 'port of the control API', Number, 8474)
    .option('--host <address>', 'address of the control API', '127.0.0.1')
    .option('--config <file>', 'JSON array of proxies to begin with')
    .option('--seed <n>', 'decides toxicity and jitter', Number, 1)
    .action(async ({ port, host, config, seed }: { port: number; host: string; config?: string; seed: number }) => {
      await serveToxiproxy({ port, host, seed, ...(config !== undefined && { configFile: config }) })
      exit(0)
    })
}
