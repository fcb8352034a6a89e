// Prefix of a simulated run's request ids: the same for the same seed, and another one for each play on a stage.
export function requestIdPrefix(seed: number, play: number): string {
  return `${seed.toString(36)}sim${play.toString(36)}`
}
