/**
 * A fair 32-bit number for the `n`-th roll of a seed: the finaliser of MurmurHash3 over a Weyl sequence. Without
 * state, so any thread can say what request `n` is, in any order.
 */
export const dice = (seed: number, n: number): number => {
  let x = (seed + Math.imul(n + 1, 0x9e3779b9)) | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/**
 * A chooser among weighted things: a roll in, an index out. Weights need not add up to one.
 *
 * @throws RangeError without a positive weight
 */
export const weighted = (weights: readonly number[]): ((roll: number) => number) => {
  const total = weights.reduce((a, b) => a + b, 0)
  if (!(total > 0) || weights.some((weight) => !(weight >= 0)))
    throw new RangeError(`Weights must be 0 or more and one of them positive, got ${weights.join(', ')}.`)
  let sum = 0
  const bounds = Float64Array.from(weights, (weight) => {
    sum += weight
    return (sum / total) * 2 ** 32
  })
  // Rounding may leave the last bound a hair under 2^32; such a roll belongs to the last thing that has any weight.
  const last = weights.findLastIndex((weight) => weight > 0)
  return (roll) => {
    // The first bound above the roll, by halves: a scenario may be made of hundreds of requests.
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high) >>> 1
      if (roll < (bounds[middle] as number)) high = middle
      else low = middle + 1
    }
    return low
  }
}
