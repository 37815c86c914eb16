import type { Html } from './certificate-html.ts'

/** For screen and paper alike; nothing is fetched. */
export const certificateStyle: Html = {
  html: `
@page { size: A4; margin: 10mm 15mm }
body { font: 9.5pt/1.35 system-ui, sans-serif; color: #111; background: #fff; max-width: 178mm; margin: 8mm auto; padding: 0 4mm }
header { border-bottom: 2px solid #111; margin-bottom: 4mm }
header p { margin: 0; color: #444 }
h1 { font-size: 18pt; line-height: 1.2; margin: 1mm 0; overflow-wrap: anywhere }
h2 { font-size: 11pt; margin: 4mm 0 1mm; break-after: avoid }
p { margin: 1mm 0 }
.standing { border: 1px solid #999; padding: 2mm 3mm }
.warning { border-left: 4px solid #111; padding-left: 2mm }
table { border-collapse: collapse; width: 100% }
th, td { text-align: right; padding: .5mm 2mm; border-bottom: 1px solid #ccc; vertical-align: top; font-variant-numeric: tabular-nums; white-space: nowrap }
th { border-bottom-color: #111; font-weight: 600 }
th:first-child, td:first-child { text-align: left }
.result td:first-child { white-space: normal; overflow-wrap: anywhere; width: 100% }
.heads td:nth-child(2), .heads th:nth-child(2) { text-align: left; white-space: normal; width: 100% }
/* There may be hundreds of shards. */
.heads td { padding-top: 0; padding-bottom: 0; font-size: 8pt; line-height: 1.25 }
tr, li, dl { break-inside: avoid }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: .3mm 4mm; margin: 0 }
dt { color: #444 }
dd { margin: 0; font-variant-numeric: tabular-nums }
code, pre { font: 8.5pt/1.35 ui-monospace, monospace }
.hash { font-size: 7pt; overflow-wrap: anywhere }
pre { margin: .5mm 0 1.5mm; white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: 1mm 2mm }
ol { margin: 0; padding-left: 5mm }
@media print { body { font-size: 9pt; margin: 0; padding: 0; max-width: none } pre { background: none; border: 1px solid #ccc } }
`,
}
