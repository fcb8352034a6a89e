// Starts the reference gateway: PORT=8080 UPSTREAM_GEMINI=http://127.0.0.1:9101 node src/gateway/main.ts
import { runGateway } from './process.ts'

await runGateway()
