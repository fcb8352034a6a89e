// Reads and plans each scenario file that it is given, in one process, as the command line does; prints what came of each as JSON.
import { argv } from 'node:process'
import { findScenario, planFound } from '../../../src/project/find-scenario.ts'
import { isUserCodes } from '../../../src/project/user-code/user-code.ts'
import { GatecrashError } from '../../../src/kernel/errors.ts'

const defect = (error: unknown): void => {
  if (!isUserCodes(error)) throw error
}
process.on('uncaughtException', defect)
process.on('unhandledRejection', defect)

const told: Record<string, { code: string; message: string }> = {}
for (const file of argv.slice(2))
  try {
    await planFound(await findScenario(file), { seed: 1, settings: 'ci', source: file })
    told[file] = { code: 'planned', message: '' }
  } catch (error) {
    const { code, message } = error instanceof GatecrashError ? error : { code: 'defect', message: String((error as Error).stack) }
    told[file] = { code, message }
  }
process.stdout.write(JSON.stringify(told))
