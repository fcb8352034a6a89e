// The command line: its commands, and what becomes of an error. Text for people goes to standard error, data to standard output.
import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { GatecrashError } from '../kernel/errors.ts'
import { calibrateCommand } from './commands/calibrate.ts'
import { compareCommand } from './commands/compare.ts'
import { doctorCommand } from './commands/doctor.ts'
import { explainCommand } from './commands/explain.ts'
import { initCommand } from './commands/init.ts'
import { judgeCommand } from './commands/judge.ts'
import { listCommand } from './commands/list.ts'
import { runCommand } from './commands/run.ts'
import { showCommand } from './commands/show.ts'
import { toxiproxyCommand } from './commands/toxiproxy.ts'
import { tuneCommand } from './commands/tune.ts'
import { cannotWrite } from '../run/bundle/cannot-write.ts'
import { annotateError } from './outputs/github.ts'
import { plainLines } from '../report/plain-text.ts'
import { say } from './say.ts'
import { lateMistake } from '../project/user-code/user-code.ts'
import { type ExitCode, exitCodeOfError, exitCodes } from './exit-codes.ts'

// A command line may be put together by a CI system, from names that others chose.
const safely = { writeErr: (text: string): void => void process.stderr.write(plainLines(text)) }

const EXAMPLES = `Examples:
  npm run scenario -- gemini-outage                          run one scenario, print the verdict, leave a report
  npm run scenario -- gemini-outage --gateway "node my.js"   the same against your own gateway
  npm run gatecrash -- judge reports/gemini-outage/latest    judge a recorded run again
`

/** Runs one command line, without the names of node and of the program. Resolves with the exit code, whatever goes wrong. */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 70
  try {
    await createProgram((chosen) => void (code = chosen)).parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64
    return tellError(error)
  }
}

/** Says what is wrong. Returns the exit code. */
export function tellError(error: unknown): ExitCode {
  const known = lateMistake(error) ?? cannotWrite(error)
  if (forPeople(known)) {
    say(known.message)
    annotateError(known.message)
    return exitCodeOfError[known.code]
  }
  say(`A defect in Gatecrash itself: ${error instanceof Error ? error.stack : String(error)}\nPlease report it with the lines above.`)
  return 70
}

/** An error that a person can do something about, as opposed to a defect. */
function forPeople(error: unknown): error is GatecrashError {
  return error instanceof GatecrashError && error.code !== 'internal'
}

function createProgram(exit: (code: ExitCode) => void): Command {
  const program = new Command('gatecrash')
    .description(manifest.description)
    .version(manifest.version)
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows what is accepted)')
    .exitOverride()
    .configureOutput(safely)
    .addHelpText('before', EXAMPLES)
    .addHelpText(
      'after',
      `\nExit codes:\n${Object.entries(exitCodes)
        .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
        .join('\n')}`,
    )

  for (const command of [
    initCommand,
    runCommand,
    listCommand,
    showCommand,
    judgeCommand,
    compareCommand,
    tuneCommand,
    calibrateCommand,
    explainCommand,
    doctorCommand,
    toxiproxyCommand,
  ])
    program.addCommand(command(exit).exitOverride().configureOutput(safely))

  return program
}
