// What became of a criterion or a figure from one run to a later one.

/**
 * `within_noise`: no difference was shown. `too_few`: there are too few samples to show one. `untold`: one of the runs may not be
 * believed as far as this goes, or the later one no longer tells.
 */
export const changes = ['worse', 'untold', 'better', 'within_noise', 'too_few'] as const
export type Change = (typeof changes)[number]
