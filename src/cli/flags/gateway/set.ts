// `--set`: a setting of the reference gateway, in place of the scenario's own. Another gateway is not ours to set.
import { GatecrashError } from '../../../kernel/errors.ts'
import { settingText, settingsFlag } from './settings.ts'

export const set = settingsFlag({
  flag: '--set <path=value|file>',
  text: 'a setting of the reference gateway, such as gemini.breaker.failures=10 or server.inFlight=500, or a JSON file of such settings',
  commands: ['run', 'show', 'tune'],
  *check(settings, { gateway }) {
    const [first] = Object.entries(settings)
    if (first === undefined || gateway.kind === 'reference') return
    const text = settingText(...first)
    yield new GatecrashError(
      'usage',
      `--set ${text}: only the reference gateway can be set from here; configure yours itself, and say with --expect ${text} what it is to do`,
    )
  },
})
