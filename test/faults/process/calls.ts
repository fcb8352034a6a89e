// What a process fault does to a process.
import type { ProcessHandle } from '../../../src/faults/process-fault.ts'

export function handle(called: (name: string) => void): ProcessHandle {
  const done = async (name: string): Promise<void> => called(name)
  return {
    kill: () => done('kill'),
    pause: () => called('pause'),
    resume: () => called('resume'),
    restart: () => done('restart'),
    ready: () => done('ready'),
    meet: async () => 'answered',
  }
}

export async function calls(fault: {
  begin(process: ProcessHandle): Promise<void>
  end(process: ProcessHandle): Promise<void>
}): Promise<{ begin: string[]; end: string[] }> {
  const [begin, end]: [string[], string[]] = [[], []]
  await fault.begin(handle((name) => begin.push(name)))
  await fault.end(handle((name) => end.push(name)))
  return { begin, end }
}
