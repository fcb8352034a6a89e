// `gatecrash explain <criterion|claim|fault|check|cause|setting|flag>`: what it demands, what counts, when it is inconclusive, what to do.
import { Command } from 'commander'
import { explain, explainable } from '../../report/reference/explain.ts'
import type { ExitCode } from '../exit-codes.ts'
import { explainFlag, explainableFlags } from '../flags/explain-flag.ts'
import { print } from '../say.ts'

export function explainCommand(exit: (code: ExitCode) => void): Command {
  return (
    new Command('explain')
      .description('Say what a criterion, a claim, a fault, a check of a run, a cause, a setting or a flag is; without a name, list them.')
      .argument('[name]', 'such as p95, opensWithin, blackhole, fault_bit, too_few_samples, gemini.breaker.recovery, --seed')
      // A flag is no option of this command, but what it is asked for.
      .allowUnknownOption()
      .action((name: string | undefined) => {
        print(name === undefined ? `${explainable()}\n\n${explainableFlags()}` : name.startsWith('--') ? explainFlag(name) : explain(name))
        exit(0)
      })
  )
}
