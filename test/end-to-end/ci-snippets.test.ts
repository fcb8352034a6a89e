// What .github/docs/ci.md and the action tell CI systems to run, run: in a project that has gatecrash installed, and whose gateway fails.
import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }

const root = process.cwd()
let project: string

// Nobody can answer so quickly: it fails, whatever the machine.
const SCENARIO = `
import { p95, perSecond, phase, scenario, reference } from '${root}/src/index.ts'
import { gemini } from '${root}/fake-upstreams/gemini.ts'

export default scenario('generic-outage', {
  story: 'The gateway is to answer before it can.',
  upstreams: { gemini },
  gateway: reference({ gemini: {} }),
  load: { rate: perSecond(100), mix: [gemini.generateContent()] },
  phases: () => [phase('steady', '2s')],
  criteria: [
    p95().during('steady').below('5ms'),
  ],
})
`
const LINE = SCENARIO.split('\n').findIndex((line) => line.includes('p95().during')) + 1

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'gatecrash-ci-'))
  // As published, but for its files: the command runs from this tree.
  const own = join(project, 'gatecrash')
  await mkdir(own)
  await writeFile(join(own, 'cli.sh'), `#!/bin/sh\nexec "${process.execPath}" "${root}/src/cli/main.ts" "$@"\n`, { mode: 0o755 })
  await writeFile(join(own, 'package.json'), JSON.stringify({ name: 'gatecrash', version: manifest.version, bin: 'cli.sh' }))
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'edge', version: '1.0.0', type: 'module', devDependencies: { gatecrash: 'file:gatecrash' } }),
  )
  await mkdir(join(project, 'scenarios'))
  await writeFile(join(project, 'scenarios', 'generic-outage.ts'), SCENARIO)
  await cp(join(root, '.github'), join(project, '.github'), { recursive: true })
  const { code, output } = await shell('npm install --package-lock-only --no-audit --no-fund', {})
  if (code !== 0) throw new Error(output)
})
afterAll(() => rm(project, { recursive: true, force: true }))

interface Ended {
  code: number | null
  output: string
}

function shell(script: string, env: NodeJS.ProcessEnv, flags: string[] = ['-c']): Promise<Ended> {
  const child = spawn('bash', [...flags, script], { cwd: project, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((settle) => child.once('close', (code) => settle({ code, output })))
}

/** As GitHub runs `shell: bash`. */
const asGithub = ['--noprofile', '--norc', '-eo', 'pipefail', '-c']

const page = await readFile('.github/docs/ci.md', 'utf8')
const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, text]) => (of === language ? [text!] : []))

interface Step {
  uses?: string
  id?: string
  run?: string
  env?: Record<string, string>
  with?: Record<string, unknown>
}

async function githubFiles(): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(project, 'github-'))
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: project,
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_OUTPUT: join(folder, 'output'),
  }
}

/** Runs the steps that are shell, in order, until one fails. */
async function runSteps(steps: readonly Step[], inputs: Record<string, string>, env: NodeJS.ProcessEnv): Promise<Ended> {
  const filled = (text: string): string => text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => inputs[name] ?? '')
  let last: Ended = { code: null, output: 'no step was run' }
  for (const { run, env: own = {} } of steps) {
    if (run === undefined) continue
    // What is put into a script would be run as a part of it.
    expect(run).not.toContain('${{')
    const given = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, filled(value)]))
    last = await shell(run, { ...env, ...given }, asGithub)
    if (last.code !== 0) return last
  }
  return last
}

/** What GitHub was told. */
async function toldBy({ code, output }: Ended, env: NodeJS.ProcessEnv): Promise<object> {
  const text = await readFile(String(env['GITHUB_OUTPUT']), 'utf8').catch(() => output)
  const outputs = Object.fromEntries(text.split('\n').map((line) => line.split('=', 2)))
  return {
    code,
    annotation: /^::error .*?::/m.exec(output)?.[0],
    summary: await readFile(String(env['GITHUB_STEP_SUMMARY']), 'utf8').catch(() => output),
    outputs,
    report: await readFile(resolve(project, outputs['report-path'] ?? ''), 'utf8').catch(() => output),
  }
}

const failure = {
  code: 1,
  annotation: `::error file=scenarios/generic-outage.ts,line=${LINE},title=generic-outage C1::`,
  summary: expect.stringMatching(/^## ✗ FAIL: generic-outage\n\n1 of 1 failed/) as string,
  outputs: expect.objectContaining({
    verdict: 'fail',
    'exit-code': '1',
    failed: '1',
    'worst-margin': expect.stringMatching(/^-\d/) as string,
  }) as object,
  report: expect.stringContaining('generic-outage') as string,
}

describe('the action', async () => {
  const action = parse(await readFile('.github/actions/gatecrash/action.yml', 'utf8')) as {
    inputs: Record<string, { default?: string }>
    outputs: Record<string, { value: string }>
    runs: { steps: Step[] }
  }

  it('installs and runs, and GitHub is told', async () => {
    const env = await githubFiles()
    const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, { default: value = '' }]) => [name, value]))
    const ended = await runSteps(action.runs.steps, { ...inputs, run: "generic-outage --seed 7\n--observe 'both'" }, env)
    expect(await toldBy(ended, env)).toEqual(failure)
    expect(ended.output).toContain('seed 7')
  })

  it('hands words on as they are: nothing in them is expanded', async () => {
    const { code, output } = await runSteps(action.runs.steps, { install: '', run: `'$(echo owned) "a  b"'` }, {})
    expect(code).toBe(64)
    expect(output).toContain('$(echo owned) "a  b"')
  })

  it('names the inputs and outputs that the page names', () => {
    const named = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)
    expect(named).toEqual([...Object.keys(action.inputs), ...Object.keys(action.outputs)])
    for (const [name, { value }] of Object.entries(action.outputs)) expect(value).toBe(`\${{ steps.run.outputs.${name} }}`)
  })
})

describe('the page', () => {
  it('uses the action with inputs that it has', () => {
    const [workflow = ''] = blocks('yaml')
    const { jobs } = parse(workflow) as { jobs: Record<string, { steps: Step[] }> }
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses: which }) => which === './.github/actions/gatecrash'))
    expect(uses.map((step) => Object.keys(step.with ?? {}))).toEqual([['run']])
  })

  it('has steps for GitHub that run', async () => {
    const env = await githubFiles()
    const { jobs } = parse(blocks('yaml')[1]!) as { jobs: Record<string, { steps: Step[] }> }
    expect(await toldBy(await runSteps(Object.values(jobs)[0]!.steps.map(withoutGateway), {}, env), env)).toEqual(failure)
  })

  it('has a script for GitLab that runs, and allows no failure but an inconclusive one', async () => {
    const { gateway } = parse(blocks('yaml')[2]!) as { gateway: { script: string[]; allow_failure: unknown } }
    expect(gateway.allow_failure).toEqual({ exit_codes: [2] })
    expect(await shell(gateway.script.map(ownGateway).join(' && '), {})).toMatchObject({ code: 1 })
    expect(await readFile(join(project, 'gatecrash.xml'), 'utf8')).toContain('<failure')
  })

  it('has steps for Jenkins that run', async () => {
    await rm(join(project, 'gatecrash.xml'), { force: true })
    const scripts = [
      ...blocks('groovy')
        .join('')
        .matchAll(/sh(?:\(returnStatus: true, script:)? '([^']+)'/g),
    ].map(([, script]) => script!)
    expect(scripts).toHaveLength(2)
    expect(await shell(scripts.map(ownGateway).join(' && '), {})).toMatchObject({ code: 1 })
    expect(await readFile(join(project, 'gatecrash.xml'), 'utf8')).toContain('<failure')
  })
})

/** The project's scenario starts a gateway of its own: a server.js is the reader's. */
const ownGateway = (script: string): string => script.replace(' --gateway "node server.js"', '')
const withoutGateway = (step: Step): Step => ({ ...step, ...(step.run !== undefined && { run: ownGateway(step.run) }) })
