// Examples of criteria of crowds.
import type { saturationCriteria } from '../../../src/criteria/saturation/saturation.ts'
import { crowded } from '../saturation/crowds.ts'
import type { Examples } from './example.ts'

const shedding = crowded({ second: () => ({ ok: [150, 60], shed: [2000, 40] }) })
const absent = crowded({ second: () => ({}), seconds: 0 })

export const saturationExamples = (): Examples<keyof typeof saturationCriteria> => ({
  throughput_above: {
    criterion: { kind: 'throughput_above', above: 100 },
    pass: shedding,
    fail: { too_little_goodput: crowded({ second: () => ({ ok: [80, 60], shed: [2000, 40] }) }) },
    inconclusive: { too_few_samples: crowded({ second: (at) => ({ ok: [at < 5 ? 150 : 80, 60] }) }), no_samples: absent },
  },
  sheds_rather_than_collapses: {
    criterion: { kind: 'sheds_rather_than_collapses', servedWithinMs: 400, refusedWithinMs: 250 },
    pass: shedding,
    fail: { collapsed: crowded({ second: () => ({ ok: [160, 625] }) }) },
    // Nothing was refused: the crowd may have been too small.
    inconclusive: { too_few_samples: crowded({ second: () => ({ ok: [1500, 60] }) }), load_not_delivered: absent },
  },
})
