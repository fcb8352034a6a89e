// `npm run foreign:build` makes the gateways of this folder ready in .cache/foreign. It says what it built, or why it could not.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, FOLDER } from './gateways.ts'

const steps: { gateway: string; run: readonly (readonly [program: string, ...args: string[]])[]; cwd: string }[] = [
  {
    gateway: 'gobreaker',
    cwd: join(FOLDER, 'gobreaker'),
    run: [['go', 'build', '-o', join(CACHE, 'gobreaker', 'gateway'), '.']],
  },
  {
    gateway: 'resilience4j',
    cwd: join(FOLDER, 'resilience4j'),
    run: [
      ['mvn', '--quiet', '--batch-mode', 'dependency:copy-dependencies', `-DoutputDirectory=${join(CACHE, 'resilience4j')}`],
      ['javac', '-cp', join(CACHE, 'resilience4j', '*'), '-d', join(CACHE, 'resilience4j'), 'Gateway.java'],
    ],
  },
  {
    gateway: 'portkey',
    cwd: join(CACHE, 'portkey'),
    run: [
      ['cp', join(FOLDER, 'portkey', 'package.json'), '.'],
      ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    ],
  },
]

// Too large to be built for everybody.
if (process.env['FOREIGN_LITELLM'] === '1')
  steps.push({
    gateway: 'litellm',
    cwd: FOLDER,
    run: [
      ['python3', '-m', 'venv', join(CACHE, 'litellm')],
      [join(CACHE, 'litellm', 'bin', 'pip'), 'install', '--quiet', 'litellm[proxy]==1.84.0'],
    ],
  })

for (const { gateway, run, cwd } of steps) {
  mkdirSync(join(CACHE, gateway), { recursive: true })
  let problem: string | undefined
  for (const [program, ...args] of run) {
    if (problem !== undefined) break
    const { status, error, stderr, stdout } = spawnSync(program, args, {
      cwd,
      encoding: 'utf8',
      timeout: 900_000,
      env: { ...process.env, CGO_ENABLED: '0' },
    })
    if (error) problem = `${program}: ${error.message}`
    else if (status !== 0) problem = `${program}: ${(stderr || stdout).trim().split('\n').slice(-3).join(' ')}`
  }
  console.log(problem === undefined ? `built: ${gateway}` : `missing: ${gateway}: ${problem}`)
}
