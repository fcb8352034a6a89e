// `--json`: the verdict, or a list of them where there are several; of repeats, what they say together is the last.
import type { Verdict } from '../../judge/verdict.ts'
import { printJson } from '../say.ts'
import type { OpenOutput } from './output.ts'

export const json: OpenOutput = (values) => {
  if (!values.json) return undefined
  const verdicts: Verdict[] = []
  return {
    add({ runs, together }) {
      for (const run of runs) if (run.is === 'judged') verdicts.push(run.verdict)
      if (together) verdicts.push(together.verdict)
    },
    end: () => printJson(verdicts.length === 1 ? verdicts[0] : verdicts),
  }
}
