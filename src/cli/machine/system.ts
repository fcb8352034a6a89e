// What this system does not tell of processes. What is not known is never taken for healthy.

/** A sentence for `doctor`; undefined on Linux, which tells all that is asked. `platform` is as of process.platform. */
export function untoldBy(platform: NodeJS.Platform): string | undefined {
  if (platform === 'linux') return undefined
  return (
    `${platform} does not tell the gateway's memory, open files and processor time, nor what a host withholds: criteria of \`growth\` stay ` +
    `inconclusive, no stolen time is excused, and processes that leave the gateway's group are not ended`
  )
}
