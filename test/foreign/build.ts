// `npm run foreign:build` makes the gateways of this folder, and the client libraries, ready in .cache/foreign. It says what it built, or why
// it could not.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, FOLDER } from './gateways.ts'

const steps: { what: string; run: readonly (readonly [program: string, ...args: string[]])[]; cwd: string }[] = [
  {
    what: 'gobreaker',
    cwd: join(FOLDER, 'gobreaker'),
    run: [['go', 'build', '-o', join(CACHE, 'gobreaker', 'gateway'), '.']],
  },
  {
    what: 'resilience4j',
    cwd: join(FOLDER, 'resilience4j'),
    run: [
      ['mvn', '--quiet', '--batch-mode', 'dependency:copy-dependencies', `-DoutputDirectory=${join(CACHE, 'resilience4j')}`],
      ['javac', '-cp', join(CACHE, 'resilience4j', '*'), '-d', join(CACHE, 'resilience4j'), 'Gateway.java'],
    ],
  },
  {
    what: 'portkey',
    cwd: join(CACHE, 'portkey'),
    run: [['cp', join(FOLDER, 'portkey', 'package.json'), '.'], npmInstall()],
  },
  {
    what: 'clients',
    cwd: join(CACHE, 'clients'),
    run: [
      ['cp', join(FOLDER, 'clients', 'package.json'), '.'],
      // LangWatch's names frameworks of agents as its peers, which are large, contradict each other, and are loaded on demand alone.
      npmInstall('--omit=optional', '--legacy-peer-deps'),
      ['cp', join(FOLDER, 'clients', 'load.mjs'), '.'],
    ],
  },
]

function npmInstall(...flags: string[]): readonly [string, ...string[]] {
  return ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...flags]
}

// Too large to be built for everybody.
if (process.env['FOREIGN_LITELLM'] === '1')
  steps.push({
    what: 'litellm',
    cwd: FOLDER,
    run: [
      ['python3', '-m', 'venv', join(CACHE, 'litellm')],
      [join(CACHE, 'litellm', 'bin', 'pip'), 'install', '--quiet', 'litellm[proxy]==1.84.0'],
    ],
  })

for (const { what, run, cwd } of steps) {
  mkdirSync(join(CACHE, what), { recursive: true })
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
  console.log(problem === undefined ? `built: ${what}` : `missing: ${what}: ${problem}`)
}
