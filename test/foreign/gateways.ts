// Gateways that are not ours, each of another make. Those written here can be given defects by the variable DEFECT: every defect must
// fail a generic scenario, for its own reason. The others are programs that people run.
import { join } from 'node:path'
import type { ComponentName } from '../components.ts'
import { variants } from './opossum/variants.ts'

export const FOLDER = import.meta.dirname
export const CACHE = join(FOLDER, '..', '..', '.cache', 'foreign')

interface Described {
  name: string
  /** What it is made of. */
  is: string
  /** What must be there; node alone is always there. */
  needs?: ComponentName
}

/** One that is written here: it finds its port and its upstreams in its environment. */
export interface ForeignGateway extends Described {
  command: string
}

/** A program that people run as it is, with a configuration of ours: a folder of its name here holds a gatecrash.config. */
export interface ConfiguredGateway extends Described {
  folder: string
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

const configuredGateways: readonly ConfiguredGateway[] = [
  { name: 'nginx', is: 'nginx, with three tries and a backup', folder: join(FOLDER, 'nginx'), needs: 'nginx' },
  { name: 'haproxy', is: 'HAProxy, with three tries and health checks', folder: join(FOLDER, 'haproxy'), needs: 'haproxy' },
  { name: 'portkey', is: "Portkey's gateway, three tries at OpenAI, then Gemini", folder: join(FOLDER, 'portkey'), needs: 'portkey' },
  // One process of it answers fewer than 60 requests a second on two shared cores: it has not been seen to pass yet.
  { name: 'litellm', is: "LiteLLM's proxy, three tries at OpenAI, then Gemini", folder: join(FOLDER, 'litellm'), needs: 'litellm' },
]

/** The healthy ones: each as it is, then those that differ from most in one thing. All pass the generic scenarios. */
export const healthyGateways: readonly (ForeignGateway | ConfiguredGateway)[] = [
  ...Object.values(foreignGateways),
  ...Object.entries(variants).map(([variant, is]) => ({
    name: `opossum:${variant}`,
    is,
    command: `VARIANT=${variant} ${foreignGateways.opossum.command}`,
  })),
  ...configuredGateways,
]

/** What `gatecrash run` needs to play a scenario on it. */
export function runWith(gateway: ForeignGateway | ConfiguredGateway): { flags: string[]; cwd?: string } {
  return 'folder' in gateway ? { flags: [], cwd: gateway.folder } : { flags: ['--gateway', gateway.command] }
}
