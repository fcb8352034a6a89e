// What a gateway reads and writes while it runs, and what the run's folder keeps of it. Settings, templates and logs hold secrets.
//
//   <run>/private/    gateway.json, gateway-files/…, gateway.log     as they are; gone when the gateway is, or when the conductor is
//   <run>/            gateway.json, gateway-files/…, gateway.log     the same without secrets
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GatecrashError } from '../../../kernel/errors.ts'
import type { Keep } from '../../../kernel/process/kept.ts'
import { count } from '../../../kernel/wording.ts'
import { gatewayConfig } from '../../../plan/gateway-config.ts'
import type { GatewayChoice } from '../../../plan/gateway-choice.ts'
import { type PlaceholderValues, filled } from '../../../plan/placeholders.ts'
import type { Plan } from '../../../plan/plan.ts'
import { planWithoutSecrets, redactorOf, secretsIn } from '../../../plan/redact.ts'

export interface GatewayFiles extends AsyncDisposable {
  readonly configPath: string
  readonly logPath: string
  /** Takes the secrets of this gateway, too, out of a text. */
  readonly redact: (text: string) => string
}

/** Longer lines of a log are cut: the search for secrets must not take long. */
const MAX_LINE = 4096

/** Where the files of a gateway will be, by name. */
export function filesIn(folder: string, choice: GatewayChoice): Record<string, string> {
  const files = choice.kind === 'command' ? (choice.files ?? {}) : {}
  return Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, 'private', 'gateway-files', name)]))
}

/**
 * Makes the gateway's files in the run's folder. Disposed of when the gateway has ended, they are gone.
 * @throws GatecrashError `invalid_config` for a template that cannot be read
 */
export async function makeGatewayFiles(
  plan: Plan,
  { folder, choice, values, keep }: { folder: string; choice: GatewayChoice; values: PlaceholderValues; keep: Keep },
): Promise<GatewayFiles> {
  const own = join(folder, 'private')
  const [configPath, logPath] = [join(own, 'gateway.json'), join(own, 'gateway.log')]
  await mkdir(own, { recursive: true })
  const forget = keep({ is: 'folder', path: own })
  const env = choice.kind === 'command' ? choice.env : undefined
  const redact = redactorOf(secretsIn(plan.gateway, plan.load.mix, env, process.env))
  await using opening = new AsyncDisposableStack()
  opening.defer(async () => {
    await rm(own, { recursive: true, force: true })
    forget()
  })
  opening.defer(() => keepLog(logPath, join(folder, 'gateway.log'), redact))

  await writeFile(configPath, settingsText(plan))
  await writeFile(join(folder, 'gateway.json'), settingsText(planWithoutSecrets(plan)))
  for (const [name, path] of Object.entries(filesIn(folder, choice))) {
    const text = filled(await readTemplate(name, choice), values)
    for (const [at, content] of [
      [path, text],
      [join(folder, 'gateway-files', name), redact(text)],
    ] as const) {
      await mkdir(join(at, '..'), { recursive: true })
      await writeFile(at, content)
    }
  }
  const made = opening.move()
  return { configPath, logPath, redact, [Symbol.asyncDispose]: () => made.disposeAsync() }
}

const settingsText = (plan: Plan): string => `${JSON.stringify(gatewayConfig(plan), undefined, 2)}\n`

async function readTemplate(name: string, choice: GatewayChoice): Promise<string> {
  const template = (choice.kind === 'command' ? choice.files?.[name] : undefined) ?? ''
  return readFile(template, 'utf8').catch((cause: unknown) => {
    throw new GatecrashError('invalid_config', `the template ${template} of {files.${name}} cannot be read: ${(cause as Error).message}`)
  })
}

/** Nothing where the gateway wrote nothing. A log that cannot be kept is no reason to end a run otherwise. */
async function keepLog(from: string, to: string, redact: (text: string) => string): Promise<void> {
  try {
    await using log = await open(from)
    await using kept = await open(to, 'w')
    // A key stands on several lines, of which its first and its last one tell.
    let key: string[] | undefined
    let text = ''
    const flush = async (): Promise<void> => {
      await kept.appendFile(text)
      text = ''
    }
    for await (const whole of log.readLines()) {
      const line = whole.length > MAX_LINE ? `${whole.slice(0, MAX_LINE)} [and ${count(whole.length - MAX_LINE)} more characters]` : whole
      if (key) key.push(line)
      else if (/-----BEGIN [A-Z ]/.test(line)) key = [line]
      if (key && !/-----END [A-Z ]/.test(line) && key.length < MAX_KEY_LINES) continue
      text += `${redact(key ? key.join('\n') : line)}\n`
      key = undefined
      if (text.length > FLUSHED) await flush()
    }
    if (key) text += `${redact(key.join('\n'))}\n`
    await flush()
  } catch {
    // The disk may be full, or the file not there: the gateway was one that is running already.
  }
}

const MAX_KEY_LINES = 200
const FLUSHED = 65_536
