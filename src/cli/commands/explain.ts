// `gatecrash explain <criterion|fault|check|cause|setting>`: what it demands, what counts, when it is inconclusive, what to do.
import { Command } from 'commander'
import { explain, explainable } from '../../report/reference/explain.ts'
import type { ExitCode } from '../exit-codes.ts'
import { print } from '../say.ts'

export function explainCommand(exit: (code: ExitCode) => void): Command {
  return new Command('explain')
    .description('Say what a criterion, a fault, a check of a run, a cause or a setting is; without a name, list them.')
    .argument('[name]', 'such as p95, opensWithin, blackhole, fault_bit, too_few_samples, gemini.breaker.recovery')
    .action((name: string | undefined) => {
      print(name === undefined ? explainable() : explain(name))
      exit(0)
    })
}
