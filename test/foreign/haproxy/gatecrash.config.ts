// `gatecrash run generic-outage` in this folder plays it with HAProxy in front of two services.
import { defineConfig } from '../../../src/index.ts'
import { twoServices } from '../two-services.ts'

export default defineConfig({
  ...twoServices,
  gateway: {
    command: 'exec haproxy -db -f {files.haproxy.cfg}',
    files: { 'haproxy.cfg': './haproxy.cfg.template' },
  },
})
