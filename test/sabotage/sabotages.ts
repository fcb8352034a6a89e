// All planted defects. `npm run sabotage` plays them; the end-to-end tests play those of the quick outage. What is not planted, and why:
// unplanted.ts.
import { breakers } from './breakers.ts'
import { fallbacks } from './fallbacks.ts'
import { foreigners } from './foreigners.ts'
import { limits } from './limits.ts'
import { overloads } from './overload.ts'
import { retries } from './retries.ts'
import { services } from './services.ts'
import { systems } from './systems.ts'
import type { Sabotage } from './sabotage.ts'

export const sabotages: readonly Sabotage[] = [
  ...breakers,
  ...retries,
  ...limits,
  ...fallbacks,
  ...foreigners,
  ...services,
  ...systems,
  ...overloads,
]
