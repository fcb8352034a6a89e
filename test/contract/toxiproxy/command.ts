// `gatecrash toxiproxy`, started as a person starts it.
import { start, type Started, type StartOptions } from '../../end-to-end/gatecrash.ts'

/** Starts it on a free port unless the flags say otherwise; ends when disposed of. */
export async function startCommand(flags: readonly string[] = [], options?: StartOptions): Promise<Started & { url: string }> {
  const port = flags.includes('--port') ? [] : ['--port', '0']
  const command = await start(['toxiproxy', ...port, ...flags], options)
  try {
    return { ...command, url: await command.saw(/http:[^,]+(?=,)/) }
  } catch (error) {
    await command[Symbol.asyncDispose]()
    throw error
  }
}
