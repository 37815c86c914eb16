const afterMs = 1_000
const everyMs = 500
const cells = 20

/** One line on stderr that says what is being done; it appears after a second and is gone at the end. */
export type StepBar = {
  /** @param share 0 to 1: how much of everything is done */
  show(step: string, share: number): void
  clear(): void
}

/** @param isTerminal without a terminal each step is a line of its own */
export const stepBar = (write: (text: string) => void, now: () => number, isTerminal: boolean): StepBar => {
  const startedAt = now()
  let step = ''
  let share = 0
  let said = ''
  const draw = (): void => {
    const seconds = (now() - startedAt) / 1_000
    if (now() - startedAt < afterMs || step === '') return
    if (isTerminal) write(`\r\u001b[2K${barText(share)} ${step}, ${seconds.toFixed(0)} s`)
    else if (said !== step) write(`${step}\n`)
    said = step
  }
  const timer = setInterval(draw, everyMs)
  timer.unref()
  return {
    show: (nextStep, nextShare) => {
      step = nextStep
      share = nextShare
      draw()
    },
    clear: () => {
      clearInterval(timer)
      if (isTerminal && said !== '') write('\r\u001b[2K')
    },
  }
}

/** The bar of a command, on stderr, so that the result alone is on stdout. */
export const commandBar = (): StepBar =>
  stepBar(
    (text) => process.stderr.write(text),
    () => performance.now(),
    process.stderr.isTTY,
  )

const barText = (share: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells)
  return `[${'#'.repeat(full)}${'·'.repeat(cells - full)}]`
}
