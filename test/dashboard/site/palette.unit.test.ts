import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { colourCount } from '../../../dashboard/site/model/option-colour.ts'

type Rgb = [number, number, number]

/** How eyes without one kind of cone see linear RGB: Machado, Oliveira and Fernandes 2009, severity 1. */
const eyes: Record<string, number[]> = {
  common: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
}

const css = readFileSync(new URL('../../../dashboard/site/style/palette.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split('@media')

const linear = (scheme: string, name: string): Rgb => {
  const hex = new RegExp(`--${name}: #(\\w{6});`).exec(scheme)?.[1]
  if (hex === undefined) throw new Error(`palette.css has no --${name}.`)
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(0), channel(2), channel(4)]
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b

/** WCAG 2.2 contrast ratio. */
const contrast = (a: Rgb, b: Rgb): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const seen = (rgb: Rgb, m: number[]): Rgb => {
  const row = (at: number) => rgb.reduce((sum, value, i) => sum + value * (m[at + i] ?? 0), 0)
  return [0, 3, 6].map((at) => Math.min(1, Math.max(0, row(at)))) as Rgb
}

/** Distance in Oklab (Ottosson 2020), × 100. */
const distance = (a: Rgb, b: Rgb): number => {
  const [p, q] = [oklab(a), oklab(b)]
  return 100 * Math.hypot(...p.map((value, i) => value - (q[i] ?? 0)))
}

const oklab = ([r, g, b]: Rgb): number[] => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_, scheme) => {
  const options = Array.from({ length: colourCount }, (_, i) => linear(scheme, `option-${i}`))

  test('every option stands out 3:1 from its track and its page', () => {
    for (const colour of options)
      for (const ground of ['track', 'surface', 'paper'])
        expect(contrast(colour, linear(scheme, ground))).toBeGreaterThanOrEqual(3)
  })

  test.each([
    ['ink', 'paper'],
    ['ink', 'surface'],
    ['muted', 'paper'],
    ['muted', 'surface'],
    ['good', 'paper'],
    ['alarm', 'paper'],
    ['alarm', 'surface'],
    ['on-alarm', 'alarm'],
  ])('%s on %s is readable, 4.5:1', (text, ground) => {
    expect(contrast(linear(scheme, text), linear(scheme, ground))).toBeGreaterThanOrEqual(4.5)
  })

  // Fills beside each other are told apart from a distance of about 2; the first four have far more room.
  test.each(Object.entries(eyes))('with %s vision any two options differ', (_, matrix) => {
    for (const [i, a] of options.entries())
      for (const [j, b] of options.slice(0, i).entries())
        expect(distance(seen(a, matrix), seen(b, matrix))).toBeGreaterThan(i < 4 && j < 4 ? 10 : 4.5)
  })
})
