import type { Point } from 'chart.js'
import { clockText, rateText } from '../model/figures.ts'
import type { RateLines } from '../model/rate-lines.ts'
import { Chart, keepPainted, type Theme } from './chart.ts'
import { showTable } from './data-table.ts'
import { find, make, setText } from './element.ts'

/** The chart of votes per second, its legend with the newest figures, and its table twin. */
export const rateView = (panel: HTMLElement): { show: (lines: RateLines) => void } => {
  const chart = new Chart<'line', Point[]>(find<HTMLCanvasElement>('[data-rate-chart]', panel), {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { type: 'linear', grid: { display: false } },
        y: { beginAtZero: true, suggestedMax: 1, border: { display: false } },
      },
    },
  })
  let lines: RateLines = { from: 0, to: 1, ends: [], lines: [], ended: false }
  const repaint = keepPainted(chart, (theme) => paint(chart, lines, theme))

  return {
    show: (next) => {
      lines = next
      repaint()
      showLegend(find('[data-rate-legend]', panel), lines)
      showTable(find('[data-rate-table]', panel), tableOf(lines))
      const empty = find('[data-rate-empty]', panel)
      empty.hidden = lines.ends.length > 0
      setText(empty, 'No votes in the last minutes.')
    },
  }
}

const paint = (chart: Chart<'line', Point[]>, { from, to, ends, lines }: RateLines, theme: Theme): void => {
  chart.data.datasets.length = lines.length
  lines.forEach((line, i) => {
    const colour = line.colour === undefined ? theme.muted : (theme.options[line.colour] ?? theme.ink)
    chart.data.datasets[i] = Object.assign(chart.data.datasets[i] ?? { data: [] }, {
      label: line.label,
      // The sum of many options would press the lines of single ones flat; it stands in the legend and the table.
      hidden: line.colour === undefined,
      data: line.perSecond.map((y, at) => ({ x: ends[at] ?? 0, y })),
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: theme.font.size / 7,
      borderDash: [...line.dash],
      // A function, since an update without animation leaves plain values of points as they were first.
      pointRadius: () => (line.perSecond.length === 1 ? 3 : 0),
    })
  })
  const axis = { color: theme.muted, font: theme.font }
  chart.options.scales = {
    x: {
      ...chart.options.scales?.x,
      min: from,
      max: to,
      border: { color: theme.line },
      ticks: { ...axis, maxRotation: 0, callback: (value) => clockText(Number(value)).slice(0, 5) },
      afterBuildTicks: (scale) => {
        scale.ticks = minutes(from, to).map((value) => ({ value }))
      },
    },
    y: {
      ...chart.options.scales?.y,
      grid: { color: theme.line },
      ticks: { ...axis, maxTicksLimit: 5, callback: (value) => axisText.format(Number(value)) },
    },
  }
  chart.options.plugins = {
    tooltip: {
      titleFont: theme.font,
      bodyFont: theme.font,
      callbacks: {
        title: (items) => clockText(items[0]?.parsed.x ?? 0),
        label: (item) => ` ${item.dataset.label}: ${rateText(item.parsed.y ?? 0)}/s`,
      },
    },
  }
}

const axisText = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

const minuteMs = 60_000

const minutes = (from: number, to: number): number[] => {
  const first = Math.ceil(from / minuteMs)
  return Array.from({ length: Math.floor(to / minuteMs) - first + 1 }, (_, i) => (first + i) * minuteMs)
}

const showLegend = (legend: HTMLElement, { lines, ended }: RateLines): void => {
  while (legend.children.length > lines.length) legend.lastElementChild?.remove()
  lines.forEach((line, i) => {
    const item = legend.children[i] ?? legend.appendChild(legendItem())
    if (item instanceof HTMLElement) item.dataset.colour = String(line.colour ?? 'others')
    find('line', item).setAttribute('stroke-dasharray', line.dash.join(' '))
    setText(find('[data-legend-label]', item), line.label)
    setText(find('[data-legend-rate]', item), ended ? '' : `${rateText(line.perSecond.at(-1) ?? 0)}/s`)
  })
}

const legendItem = (): HTMLElement => {
  const item = make('li')
  const label = make('span', 'legend-label')
  label.dataset.legendLabel = ''
  const rate = make('span', 'legend-rate')
  rate.dataset.legendRate = ''
  item.append(swatch(), label, rate)
  return item
}

/** A piece of the option's line, with its dash. */
const swatch = (): SVGElement => {
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  picture.setAttribute('class', 'swatch')
  picture.setAttribute('viewBox', '0 0 30 4')
  picture.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line')
  for (const [name, value] of Object.entries({ x1: '0', y1: '2', x2: '30', y2: '2' }))
    line.setAttribute(name, value)
  picture.append(line)
  return picture
}

const tableOf = ({ ends, lines }: RateLines) => ({
  caption: 'Votes per second of each option, by window',
  columns: ['Window ended', ...lines.map((line) => line.label)],
  rows: ends.map((end, i) => [clockText(end), ...lines.map((line) => rateText(line.perSecond[i] ?? 0))]),
})
