// A gateway whose breaker, once open, stays so: its recovery time has become a day.
import { runGateway } from '../../src/gateway/process.ts'
import { createStack } from '../../src/policies/stack.ts'

await runGateway({
  createStack: (name, settings, options) =>
    createStack(
      name,
      { ...settings, ...(settings.breaker && { breaker: { ...settings.breaker, recovery: '1d', recoveryMax: '1d' } }) },
      options,
    ),
})
