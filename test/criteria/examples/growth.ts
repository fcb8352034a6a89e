// Examples of criteria of what the gateway needs.
import type { growthCriteria } from '../../../src/criteria/growth/growth.ts'
import { even, leaking, watched } from '../growth/watched.ts'
import type { Examples } from './example.ts'

const unwatched = watched(() => undefined)
const brief = watched((s) => (s > 4 && s < 58 ? undefined : { rssBytes: 100e6, descriptors: 40, cpu: 0.2 }))

export const growthExamples = (): Examples<keyof typeof growthCriteria> => ({
  memory_growth: {
    criterion: { kind: 'memory_growth', belowBytes: 20e6 },
    pass: even,
    fail: { grown: leaking },
    inconclusive: { no_samples: unwatched, too_few_samples: brief },
  },
  descriptor_growth: {
    criterion: { kind: 'descriptor_growth', below: 20 },
    pass: even,
    fail: { grown: leaking },
    inconclusive: { no_samples: unwatched, too_few_samples: brief },
  },
  processor_growth: {
    criterion: { kind: 'processor_growth', below: 0.1 },
    pass: even,
    fail: { grown: leaking },
    inconclusive: { no_samples: unwatched, too_few_samples: brief },
  },
})
