// `gatecrash init`: writes a config, fakes and two scenarios into the project in the working directory.
import { Command } from 'commander'
import { basename } from 'node:path'
import { GatecrashError } from '../../kernel/errors.ts'
import type { ExitCode } from '../exit-codes.ts'
import { say } from '../say.ts'

interface InitFlags {
  upstreams?: string
  gateway?: string
  openapi: string[]
}

export function initCommand(exit: (code: ExitCode) => void): Command {
  return new Command('init')
    .description('Write a config, fake upstreams and two scenarios for your gateway. Overwrites nothing.')
    .option('--upstreams <names>', 'the services behind your gateway, such as orders,payments')
    .option('--gateway <command|url>', 'the command that starts your gateway, or its URL; else found in the project')
    .option(
      '--openapi <[upstream=]file>',
      'make the fake of an upstream of its description, OpenAPI or Swagger 2, JSON or YAML (repeatable)',
      (file: string, files: string[]) => [...files, file],
      [],
    )
    .action(async (flags: InitFlags) => {
      await init(flags)
      exit(0)
    })
}

async function init({ upstreams: named = '', gateway, openapi }: InitFlags): Promise<void> {
  // Loaded here, for no other command needs what reads a description.
  const [{ checkAsked, checkNames, planInit }, { plainFake }, { lookAround }, { writeProject }] = await Promise.all([
    import('../../project/init/init-project.ts'),
    import('../../project/init/fakes/plain-fake.ts'),
    import('../../project/init/surroundings.ts'),
    import('../../project/init/write-project.ts'),
  ])
  const names = named
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const described = describedUpstreams(names, openapi)
  const upstreams = [...names, ...[...described.keys()].filter((name) => !names.includes(name))]
  const around = lookAround(process.cwd())
  const command = checkAsked({ upstreams, ...(gateway !== undefined && { gateway }) }, around)
  checkNames(upstreams)

  const fakes = []
  for (const name of upstreams) {
    const file = described.get(name)
    if (file === undefined) {
      fakes.push(plainFake(name))
      continue
    }
    const { sketchFake } = await import('../../project/init/openapi/sketch-fake.ts')
    const { fake, leftOut } = await sketchFake(name, file)
    for (const what of leftOut) say(`${file}: left out ${what}`)
    fakes.push(fake)
  }
  const plan = planInit(command, fakes, around)
  const { written, left } = writeProject(process.cwd(), plan)
  for (const what of written) say(`wrote  ${what}`)
  for (const what of left) say(`left   ${what}, which was there already`)
  say(['', ...plan.advice, '', `Now run:\n  ${plan.next}`].join('\n'))
}

/** Descriptions by upstream: the one that is named before the `=`, the only upstream, or one called as the file is. */
function describedUpstreams(names: readonly string[], given: readonly string[]): Map<string, string> {
  const described = new Map<string, string>()
  for (const text of given) {
    const [, before, after] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? []
    const file = after ?? text
    const called = basename(file)
      .split('.')[0]!
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
    const name = before ?? (names.length === 1 && given.length === 1 ? names[0]! : called)
    if (names.length > 0 && !names.includes(name))
      throw new GatecrashError('usage', `--openapi ${text}: which upstream is it of? Say --openapi ${names[0]}=${file}`)
    if (described.has(name)) throw new GatecrashError('usage', `--openapi ${text}: ${name} has a description already`)
    described.set(name, file)
  }
  return described
}
