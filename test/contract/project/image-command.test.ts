import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { imageCommand } from '../../../src/project/image-command.ts'

/** With a docker client that prints its arguments, or fails as one without an engine does. */
function told(status: number): { status: number | null; lines: string[]; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'docker client-'))
  try {
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\n[ "$1" = version ] && exit ${status}\nprintf '%s\\n' "$@"\n`)
    chmodSync(join(folder, 'docker'), 0o755)
    const env = {
      PATH: `${folder}:${process.env['PATH']}`,
      PORT: '8080',
      GATEWAY_CONFIG: '/my runs/one/gateway.json',
      UPSTREAM_ORDERS_API: 'http://127.0.0.1:1',
      API: 'x y',
    }
    const {
      stdout,
      stderr,
      status: ended,
    } = spawnSync('/bin/sh', ['-c', imageCommand('shop/gateway:1.2', ['API'])], { env, encoding: 'utf8' })
    return { status: ended, lines: stdout.trim().split('\n'), stderr }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it('hands the environment of a gateway on by name, and mounts the folder of the run', () => {
  expect(told(0).lines.join(' | ')).toBe(
    'run | --rm | --init | --network | host | -e | PORT | -e | GATEWAY_CONFIG | -e | API | -e | UPSTREAM_ORDERS_API | -v | /my runs/one:/my runs/one:ro | shop/gateway:1.2',
  )
})

it('says so where no engine answers', () => {
  expect(told(1)).toMatchObject({ status: 69, stderr: expect.stringContaining('no container engine answers') as string })
})
