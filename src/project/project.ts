// A user's project as its config describes it, checked.
import type { Ms } from '../kernel/clock.ts'
import type { GatewayChoice } from '../plan/gateway-choice.ts'
import type { System } from '../scenario/system.ts'

/** Of the gateway under test, what any that is started in its place shares. */
export interface ProjectGateway {
  /** Absent: the reference gateway, or the one that `--gateway` names. */
  choice?: GatewayChoice
  /** The folder, the variables and the files that a command gets, also one that `--gateway` names. */
  setup: Pick<GatewayChoice & { kind: 'command' }, 'folder' | 'env' | 'files'>
  headers: Readonly<Record<string, string>>
  readyPath?: string
  readyWithinMs?: Ms
}

export interface Project {
  /** The config's file, as it is shown. */
  source: string
  gateway?: ProjectGateway
  /** Absent where the config names no upstreams. */
  system?: System
  /** Values of flags that are not given, as they are typed, by the names of the flags. */
  flags: Readonly<Record<string, string | number | boolean | readonly string[]>>
}
