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
import { cannotWrite } from '../run/cannot-write.ts'
import { plainLines } from '../report/plain-text.ts'
import { say } from './say.ts'
import { isUserCodes, lateMistake } from './user-code.ts'
import { type ExitCode, exitCodeOfError, exitCodes } from './exit-codes.ts'

// The reader of a pipe may end before the run does. The run goes on, and its exit code is still the verdict.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)

// Node ends without an error when the program awaits a promise that nothing can settle.
let answered = false
process.on('exit', (code) => {
  if (!answered && code === 70) process.stderr.write('ended without an answer: a scenario file awaits something that never comes\n')
})

// A command line may be put together by a CI system, from names that others chose.
const safely = { writeErr: (text: string): void => void process.stderr.write(plainLines(text)) }

const program = new Command('gatecrash')
  .description(manifest.description)
  .version(manifest.version)
  .showSuggestionAfterError()
  .showHelpAfterError('(--help shows what is accepted)')
  .exitOverride()
  .configureOutput(safely)
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
  program.addCommand(command(exit).exitOverride().configureOutput(safely))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) exit(error.exitCode === 0 ? 0 : 64)
  else crash(error)
}

/** An error that a person can do something about, as opposed to a defect. */
function forPeople(error: unknown): error is GatecrashError {
  return error instanceof GatecrashError && error.code !== 'internal'
}

function tell(error: GatecrashError): ExitCode {
  say(error.message)
  return exitCodeOfError[error.code]
}

function exit(code: ExitCode): void {
  answered = true
  process.exitCode = code
}

function crash(error: unknown): void {
  if (isUserCodes(error)) return
  answered = true
  const known = lateMistake(error) ?? cannotWrite(error)
  if (forPeople(known)) process.exit(tell(known))
  say(`A defect in Gatecrash itself: ${error instanceof Error ? error.stack : String(error)}\nPlease report it with the lines above.`)
  process.exit(70)
}
