// A gateway that takes every request for one that is safe to repeat.
import { runGateway } from '../../src/gateway/process.ts'
import { createStack } from '../../src/policies/stack.ts'

await runGateway({
  createStack(name, settings, options) {
    const stack = createStack<never>(name, settings, options)
    return { ...stack, call: (request) => stack.call({ ...request, idempotent: true }) }
  },
})
