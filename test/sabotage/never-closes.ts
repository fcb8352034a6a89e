// A gateway whose breaker never closes again: every probe is counted as failed, whatever the upstream answered.
import { runGateway } from '../../src/gateway/process.ts'
import { createStack } from '../../src/policies/stack.ts'

await runGateway({
  createStack(name, settings, options) {
    const isProbing = (): boolean => stack.snapshot().breaker?.state === 'half_open'
    const stack: ReturnType<typeof createStack<never>> = createStack(name, settings, {
      ...options,
      classify: () => (isProbing() ? 'failure' : undefined),
    })
    return stack
  },
})
