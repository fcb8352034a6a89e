// `killed`: the process dies at once (SIGKILL), as after a crash or by the OOM killer. It is started again when the fault ends. Of an
// upstream, the listener and all connections are gone; what the fake knows stays, as in a database behind a service.
import * as z from 'zod'
import { nameOf, type ProcessFaultInput, type UpstreamName } from '../fault-input.ts'
import { processFaultType, processRoles } from '../process-fault.ts'

/** Kills the process when the phase begins, and starts it again when the phase ends: the gateway's, its `redis`, or an upstream by its name. */
function killed(process: UpstreamName): ProcessFaultInput {
  return { made: 'process', role: nameOf(process), fault: { is: 'killed' } }
}

export const killedFault = processFaultType({
  is: 'killed',
  docs: [
    { written: "killed('gateway')", does: 'The process dies at once (SIGKILL), and is started again when the phase ends.' },
    { written: "killed('redis')", does: 'The Redis that the gateway keeps its work in dies, and comes back with what it has on disk.' },
    {
      written: "killed('jira')",
      does: 'The upstream refuses connections, and those that it had are cut; it comes back when the phase ends.',
    },
  ],
  on: processRoles,
  schema: z.strictObject({ is: z.literal('killed') }),
  build: { killed },
  words: () => 'is killed, and started again at the end',
  begin: (process) => process.kill(),
  end: (process) => process.restart(),
  sign: (seen) => (seen === 'refused' ? 'a connection was refused' : undefined),
  delayBound: () => 0,
})
