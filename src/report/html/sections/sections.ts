// The sections of the page, in the order in which they stand on it.
import { changes } from './changes.ts'
import { crowd } from './crowd.ts'
import { errors } from './errors/errors.ts'
import { samples } from './errors/samples.ts'
import { gatewaySaid } from './gateway-said.ts'
import { identities } from './identities.ts'
import { incident } from './incident.ts'
import { overload } from './overload.ts'
import { phases } from './phases.ts'
import { probes } from './probes.ts'
import { reproduce } from './reproduce.ts'
import type { Section } from './section.ts'
import { transitionsTable } from './transitions.ts'
import { validity } from './validity.ts'
import { verdictTable } from './verdict.ts'
import { why } from './why.ts'

export const sections: readonly Section[] = [
  why,
  incident,
  overload,
  errors,
  samples,
  gatewaySaid,
  changes,
  verdictTable,
  phases,
  crowd,
  identities,
  probes,
  transitionsTable,
  validity,
  reproduce,
]
