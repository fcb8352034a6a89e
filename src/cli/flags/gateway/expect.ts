// `--expect`: what is expected of a gateway that is not ours. It changes what the run is judged by, and nothing in the gateway.
import { GatecrashError } from '../../../kernel/errors.ts'
import { settingText, settingsFlag } from './settings.ts'

export const expect = settingsFlag({
  flag: '--expect <path=value|file>',
  text: 'what your gateway is to do, such as gemini.breaker.failures=10, or a JSON file of such settings',
  commands: ['run', 'show'],
  *check(settings, { gateway }) {
    const [first] = Object.entries(settings)
    if (first === undefined || gateway.kind !== 'reference') return
    const text = settingText(...first)
    yield new GatecrashError(
      'usage',
      `--expect ${text}: the reference gateway does as it is set; set it with --set ${text}, or name your gateway with --gateway`,
    )
  },
})
