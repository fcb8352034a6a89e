// A file that a flag asks for, of all runs. It is emptied before the first run: what an earlier command wrote must not pass for this one's.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { GatecrashError } from '../../kernel/errors.ts'
import { cannotWrite } from '../../run/bundle/cannot-write.ts'
import type { Output } from './output.ts'

/** @throws GatecrashError `cannot_write` where no file can be made there */
export async function fileOutput(flag: string, file: string, { add, text }: Pick<Output, 'add'> & { text: () => string }): Promise<Output> {
  const write = async (content: string): Promise<void> => {
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    } catch (cause) {
      const known = cannotWrite(cause)
      if (!(known instanceof GatecrashError)) throw cause
      throw new GatecrashError('cannot_write', `${flag} ${file}: ${known.message.replace(/; a run takes another folder.*$/, '')}`, {
        cause,
      })
    }
  }
  await write('')
  return { ...(add && { add }), end: () => write(text()) }
}
