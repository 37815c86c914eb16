import type { Page } from 'playwright-core'

type Text = { text: string; colour: string; background: string; large: boolean }

/**
 * The texts in sight whose contrast with what lies behind them is below WCAG 2.2, level AA: 4.5, or 3 for large text.
 *
 * @returns how many texts were measured, and of those below the ratio
 */
export const poorContrast = async (page: Page): Promise<{ measured: number; poor: string[] }> => {
  const texts = await page.evaluate(textsInSight)
  const poor = texts.flatMap(({ text, colour, background, large }) => {
    const ratio = contrast(luminance(colour), luminance(background))
    return ratio < (large ? 3 : 4.5) ? [`${text}: ${ratio.toFixed(2)}, ${colour} on ${background}`] : []
  })
  return { measured: texts.length, poor }
}

/** Runs in the page. */
const textsInSight = (): Text[] => {
  const found: Text[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (element === null || node.textContent?.trim() === '') continue
    const range = document.createRange()
    range.selectNode(node)
    if (range.getClientRects().length === 0 || element.closest('.unseen, .skip') !== null) continue
    const { color, fontSize, fontWeight } = getComputedStyle(element)
    let behind: Element | null = element
    const transparent = 'rgba(0, 0, 0, 0)'
    while (behind !== null && getComputedStyle(behind).backgroundColor === transparent)
      behind = behind.parentElement
    // CSS counts 24 px, or 18.66 px in bold, as WCAG's large text.
    const largeFrom = Number(fontWeight) >= 700 ? 18.66 : 24
    found.push({
      text: node.textContent ?? '',
      colour: color,
      background: getComputedStyle(behind ?? document.documentElement).backgroundColor,
      large: Number.parseFloat(fontSize) >= largeFrom,
    })
  }
  return found
}

/** Relative luminance of an opaque `rgb(…)`, 0–1. */
export const luminance = (colour: string): number => {
  const rgb = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)
  if (rgb === null) throw new Error(`The colour ${colour} is not an opaque rgb().`)
  const [r = 0, g = 0, b = 0] = rgb.slice(1).map((channel) => {
    const value = Number(channel) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
