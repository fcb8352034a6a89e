// Starts the reference gateway: PORT=8080 UPSTREAM_GEMINI=http://127.0.0.1:9101 node src/gateway/main.ts
import { enableCompileCache } from 'node:module'

// Every scenario run starts a gateway. Keeping compiled modules between runs halves the time until it is ready.
enableCompileCache()
const { runGateway } = await import('./process.ts')
await runGateway()
