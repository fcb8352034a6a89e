// The command line. Text for people goes to standard error, data to standard output; the exit code is the verdict.
import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { GatecrashError } from '../kernel/errors.ts'
import { doctorCommand } from './commands/doctor.ts'
import { judgeCommand } from './commands/judge.ts'
import { listCommand } from './commands/list.ts'
import { runCommand } from './commands/run.ts'
import { showCommand } from './commands/show.ts'
import { toxiproxyCommand } from './commands/toxiproxy.ts'
import { type ExitCode, exitCodeOfError, exitCodes } from './exit-codes.ts'

process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)

// Nothing keeps Node waiting for a promise that nothing will settle: it just ends.
let answered = false
process.on('exit', () => {
  if (!answered) process.stderr.write('ended without an answer: a scenario file awaits something that never comes\n')
})

const program = new Command('gatecrash')
  .description(manifest.description)
  .version(manifest.version)
  .showSuggestionAfterError()
  .showHelpAfterError('(--help shows what is accepted)')
  .exitOverride()
  .addHelpText(
    'before',
    `Examples:
  npm run scenario -- gemini-outage                          run one scenario, print the verdict, leave a report
  npm run scenario -- gemini-outage --gateway "node my.js"   the same against your own gateway
  npm run gatecrash -- judge reports/gemini-outage/latest    judge a recorded run again
`,
  )
  .addHelpText(
    'after',
    `\nExit codes:\n${Object.entries(exitCodes)
      .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
      .join('\n')}`,
  )

for (const command of [runCommand, listCommand, showCommand, judgeCommand, doctorCommand, toxiproxyCommand])
  program.addCommand(command(exit).exitOverride())

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? 0 : 64)
  else if (error instanceof GatecrashError && error.code !== 'internal') {
    process.stderr.write(`${error.message}\n`)
    exit(exitCodeOfError[error.code])
  } else crash(error)
}

function exit(code: ExitCode): void {
  answered = true
  process.exitCode = code
}

function crash(error: unknown): void {
  answered = true
  process.stderr.write(
    `A defect in Gatecrash itself: ${error instanceof Error ? error.stack : String(error)}\nPlease report it with the lines above.\n`,
  )
  process.exit(70)
}
