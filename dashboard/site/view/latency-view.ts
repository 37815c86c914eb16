import type { StageLatency, Stats } from '../../read-model.ts'
import { countText, latencyText } from '../model/figures.ts'
import { type LatencyBins, latencyBins, type Stage, stages, stageTitle } from '../model/latency-bins.ts'
import { Chart, keepPainted } from './chart.ts'
import { showTable } from './data-table.ts'
import { make, setText } from './element.ts'

/** A histogram per stage, on one common axis, each with its percentiles and its table twin. */
export const latencyView = (place: HTMLElement): { show: (latency: Stats['latency']) => void } => {
  const histograms = stages.map((stage) => stageView(stage, place))
  return {
    show: (latency) => {
      const bins = latencyBins(latency)
      for (const histogram of histograms) histogram.show(latency, bins)
    },
  }
}

const stageView = (stage: Stage, place: HTMLElement) => {
  const figure = make('figure', 'stage')
  figure.dataset.stage = stage
  const percentiles = make('dl', 'percentiles')
  const canvas = make('canvas')
  canvas.setAttribute('aria-hidden', 'true')
  const box = make('div', 'chart')
  box.append(canvas)
  const twin = make('div', 'unseen')
  figure.append(make('figcaption', '', stageTitle[stage]), percentiles, box, twin)
  place.append(figure)

  let colour = ''
  const chart = new Chart<'bar', number[], string>(canvas, {
    type: 'bar',
    data: {
      labels: [],
      // A function, since an update without animation leaves plain values of bars as they were first.
      datasets: [{ data: [], categoryPercentage: 1, barPercentage: 0.92, backgroundColor: () => colour }],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
    },
  })
  let bins: LatencyBins | undefined
  const repaint = keepPainted(chart, (theme) => {
    const axis = { color: theme.muted, font: theme.font }
    chart.data.labels = bins?.labels ?? []
    for (const dataset of chart.data.datasets) dataset.data = bins?.counts[stage] ?? []
    colour = theme.muted
    chart.options.scales = {
      x: {
        grid: { display: false },
        border: { color: theme.line },
        ticks: { ...axis, maxRotation: 0, autoSkipPadding: theme.font.size * 1.5 },
      },
      y: {
        beginAtZero: true,
        suggestedMax: 4,
        border: { display: false },
        grid: { color: theme.line },
        ticks: {
          ...axis,
          maxTicksLimit: 4,
          precision: 0,
          callback: (value) => compact.format(Number(value)),
        },
      },
    }
    chart.options.plugins = {
      tooltip: {
        displayColors: false,
        titleFont: theme.font,
        bodyFont: theme.font,
        callbacks: {
          title: (items) => `up to ${items[0]?.label ?? ''}`,
          label: (item) => countText(item.parsed.y ?? 0),
        },
      },
    }
  })

  return {
    show: (latency: Stats['latency'], next: LatencyBins) => {
      bins = next
      repaint()
      showPercentiles(percentiles, latency[stage])
      showTable(twin, {
        caption: `${stageTitle[stage]}: votes by latency`,
        columns: ['Up to', 'Votes'],
        rows: next.labels.map((label, i) => [label, countText(next.counts[stage][i] ?? 0)]),
      })
    },
  }
}

const compact = new Intl.NumberFormat('en', { notation: 'compact' })

const percentileNames = ['p50', 'p90', 'p99', 'max'] as const

const showPercentiles = (list: HTMLElement, latency: StageLatency): void => {
  for (const name of percentileNames) {
    const value = list.querySelector(`[data-percentile="${name}"]`) ?? addPercentile(list, name)
    setText(value, latency.count === 0 ? '–' : latencyText(latency[name]))
  }
}

const addPercentile = (list: HTMLElement, name: string): HTMLElement => {
  const pair = make('div')
  const value = make('dd')
  value.dataset.percentile = name
  pair.append(make('dt', '', name), value)
  list.append(pair)
  return value
}
