/**
 * The colours are in `style/palette.css`, told apart also with the three kinds of colour blindness.
 * Past the eighth option they come round again, in charts with another dash.
 */
export const colourCount = 8

/** Which colour an option has: by its place in the ballot, so that it never changes. */
export const colourOf = (index: number): number => index % colourCount

const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [8, 3, 2, 3], [14, 4], [4, 8], [1, 6]]

/** Line dash for charts, in px; solid for the first eight options. */
export const dashOf = (index: number): readonly number[] =>
  dashes[Math.floor(index / colourCount) % dashes.length] ?? []
