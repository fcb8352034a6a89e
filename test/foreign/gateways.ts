// Gateways that are not ours, each of another make, and the defects that each can be given by the variable DEFECT.
// Every defect must fail a generic scenario, for its own reason.
import { join } from 'node:path'
import type { ComponentName } from '../components.ts'
import { variants } from './opossum/variants.ts'

export const FOLDER = import.meta.dirname
export const CACHE = join(FOLDER, '..', '..', '.cache', 'foreign')

export interface ForeignGateway {
  name: string
  /** What it is made of. */
  is: string
  command: string
  /** What must be there; node alone is always there. */
  needs?: ComponentName
}

export const foreignGateways = {
  opossum: { name: 'opossum', is: 'Express with opossum', command: `node ${join(FOLDER, 'opossum', 'gateway.ts')}` },
  gobreaker: { name: 'gobreaker', is: 'Go with sony/gobreaker', command: join(CACHE, 'gobreaker', 'gateway'), needs: 'gobreaker' },
  resilience4j: {
    name: 'resilience4j',
    is: 'Java with resilience4j',
    command: `java -Xmx256m -Dsun.net.httpserver.nodelay=true -cp ${join(CACHE, 'resilience4j')}:${join(CACHE, 'resilience4j', '*')} Gateway`,
    needs: 'resilience4j',
  },
} satisfies Record<string, ForeignGateway>

/** The healthy ones: each as it is, then those that differ from most in one thing. All pass the generic scenarios. */
export const healthyGateways: readonly ForeignGateway[] = [
  ...Object.values(foreignGateways),
  ...Object.entries(variants).map(([variant, is]) => ({
    name: `opossum:${variant}`,
    is,
    command: `VARIANT=${variant} ${foreignGateways.opossum.command}`,
  })),
]
