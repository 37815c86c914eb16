import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js'
import { colourCount } from '../model/option-colour.ts'

// Only what the page draws with; the rest of Chart.js is not shipped.
Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
)

export { Chart }

/** Colours and type of the style sheet as they are now: light or dark, phone or projector. */
export type Theme = {
  options: string[]
  ink: string
  muted: string
  line: string
  surface: string
  font: { size: number; family: string }
}

const readTheme = (canvas: HTMLCanvasElement): Theme => {
  const style = getComputedStyle(canvas)
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    options: Array.from({ length: colourCount }, (_, i) => value(`option-${i}`)),
    ink: value('ink'),
    muted: value('muted'),
    line: value('line'),
    surface: value('surface'),
    font: { size: Number.parseFloat(style.fontSize), family: style.fontFamily },
  }
}

/**
 * The one way a chart is painted: `paint` writes data and colours into the chart, which is then updated without
 * animation. Also done when light turns to dark or the window changes.
 *
 * @returns paints the chart anew; to be called after its data changed
 */
export const keepPainted = (
  chart: { canvas: HTMLCanvasElement; update: (mode: 'none') => void },
  paint: (theme: Theme) => void,
): (() => void) => {
  const repaint = () => {
    paint(readTheme(chart.canvas))
    chart.update('none')
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)
  window.addEventListener('resize', repaint)
  return repaint
}
