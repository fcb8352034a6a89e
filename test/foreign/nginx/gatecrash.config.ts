// `gatecrash run generic-outage` in this folder plays it with nginx in front of two services.
import { defineConfig } from '../../../src/index.ts'
import { twoServices } from '../two-services.ts'

export default defineConfig({
  ...twoServices,
  gateway: {
    command: 'exec nginx -p "$(dirname {files.nginx.conf})" -c {files.nginx.conf}',
    files: { 'nginx.conf': './nginx.conf.template' },
  },
})
