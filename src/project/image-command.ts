// The command that starts a gateway's image with the docker client, on the machine's own network: there it finds the proxies, which listen on
// loopback alone, and the harness finds it. What the stage tells a gateway by its environment is handed on; the run's folder is mounted.

/** `variables`: names of what the config adds to the environment. */
export function imageCommand(image: string, variables: readonly string[]): string {
  const handedOn = ['PORT', 'GATEWAY_CONFIG', ...variables].map((name) => `-e ${name}`).join(' ')
  const upstreams = String.raw`$(env | sed -n 's/^\(UPSTREAM_[A-Z0-9_]*\)=.*/-e \1/p')`
  const folder = '$(dirname "$GATEWAY_CONFIG")'
  return [
    "docker version > /dev/null 2>&1 || { echo 'docker: no container engine answers; start Docker, or give the gateway as a command' >&2; exit 69; }",
    `exec docker run --rm --init --network host ${handedOn} ${upstreams} -v "${folder}:${folder}:ro" '${image}'`,
  ].join('; ')
}
