// `--candidate`: a setting that is tried in the story of the others, as a tuning tries it. By `--set` it would make another story: an outage
// that lasts twice the recovery time is another one with a longer recovery.
import { GatecrashError } from '../../../kernel/errors.ts'
import type { Overrides } from '../../../scenario/planning/plan-gateway.ts'
import { settingText, settingsFlag } from './settings.ts'

export const candidate = {
  ...settingsFlag({
    flag: '--candidate <path=value|file>',
    text: 'as --set, but phases and probes stay as they are without it: a setting that tune tried',
    commands: ['run', 'show'],
    *check(settings, { gateway }) {
      const [first] = Object.entries(settings)
      if (first === undefined || gateway.kind === 'reference') return
      yield new GatecrashError('usage', `--candidate ${settingText(...first)}: only the reference gateway can be set from here`)
    },
  }),
  plan: (settings: Overrides) => (Object.keys(settings).length === 0 ? {} : { candidate: settings }),
}
