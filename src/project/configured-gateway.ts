// The gateway under test as a project's config describes it, from its written form to what a stage is given.
import { resolve } from 'node:path'
import * as z from 'zod'
import { GATEWAY_CONFIG } from '../contract/environment.ts'
import type { Problem } from '../kernel/errors.ts'
import { check, positiveDuration } from '../kernel/validation.ts'
import { chosenGateway } from '../plan/gateway-choice.ts'
import { headers } from '../upstreams/check-definition.ts'
import { imageCommand } from './image-command.ts'
import type { ProjectGateway } from './project.ts'

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty')

/** Values by name; `refuse` returns what is wrong with a name. */
const named = (value: z.ZodType<string>, refuse: (name: string) => string | undefined) =>
  z
    .record(z.string(), value)
    .superRefine((given, context) => {
      for (const name of Object.keys(given)) {
        const message = refuse(name)
        if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message })
      }
    })
    .default({})

const env = named(z.string(), (name) => {
  if (name === GATEWAY_CONFIG) return 'is set for every gateway, and tells its processes; choose another name'
  return /^[A-Za-z_]\w*$/.test(name) ? undefined : 'is no name of a variable'
})

const files = named(text, (name) =>
  /^[\w-][\w.-]*$/.test(name) ? undefined : 'must be the name of a file, of letters, digits, ".", "_" and "-"',
)

const url = z.string().superRefine((given, context) => {
  const chosen = chosenGateway(given)
  if (typeof chosen === 'string') context.addIssue({ code: 'custom', message: chosen })
  else if (chosen.kind !== 'url') context.addIssue({ code: 'custom', message: `must begin with http:// or https://, got "${given}"` })
})

const gateway = z
  .strictObject({
    command: text.optional(),
    image: z
      .string()
      .regex(/^[\w][\w./:@-]*$/, { error: 'must be the name of an image, such as "shop/gateway:1.2"' })
      .optional(),
    url: url.optional(),
    env,
    files,
    headers: headers.default({}),
    readyPath: z
      .string()
      .regex(/^\/\S*$/, { error: 'must be a path that begins with a slash, such as /healthz' })
      .optional(),
    readyWithin: positiveDuration.optional(),
  })
  .superRefine((given, context) => {
    const refuse = (message: string, ...path: string[]): void => context.addIssue({ code: 'custom', path, message })
    if ([given.command, given.image, given.url].filter((each) => each !== undefined).length > 1)
      refuse('give one of `command`, `image` and `url`: a gateway is started, or it is running already')
    if (given.url === undefined) return
    for (const part of ['env', 'files'] as const)
      if (Object.keys(given[part]).length > 0) refuse('is for a gateway that is started; one at a URL is running already', part)
  })

/** `written` may be a text alone: a command, or a URL. Undefined, with problems, where it is not accepted. */
export function configuredGateway(written: unknown, folder: string, problems: Problem[]): ProjectGateway | undefined {
  const parsed = check(gateway, asSettings(written), 'gateway', problems)
  if (!parsed) return undefined
  const { command, readyPath, readyWithin } = parsed
  const templates = Object.entries(parsed.files).map(([name, path]) => [name, resolve(folder, path)])
  const setup = { folder, env: parsed.env, files: Object.fromEntries(templates) as Record<string, string> }
  return {
    ...(command !== undefined && { choice: { kind: 'command', command, ...setup } }),
    ...(parsed.image !== undefined && {
      choice: { kind: 'command', command: imageCommand(parsed.image, Object.keys(parsed.env)), startsContainer: true, ...setup },
    }),
    ...(parsed.url !== undefined && { choice: { kind: 'url', url: parsed.url } }),
    setup,
    headers: parsed.headers,
    ...(readyPath !== undefined && { readyPath }),
    ...(readyWithin !== undefined && { readyWithinMs: readyWithin }),
  }
}

function asSettings(written: unknown): unknown {
  if (typeof written !== 'string') return written
  return /^https?:\/\//.test(written) ? { url: written } : { command: written }
}
