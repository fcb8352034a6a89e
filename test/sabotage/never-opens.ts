// A gateway whose breaker never opens: no outcome counts as a failure.
import { runGateway } from '../../src/gateway/process.ts'
import { createStack } from '../../src/policies/stack.ts'

await runGateway({ createStack: (name, settings, options) => createStack(name, settings, { ...options, classify: () => 'neutral' }) })
