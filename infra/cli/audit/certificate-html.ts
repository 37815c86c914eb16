/** Text that is HTML already. */
export type Html = { html: string }

type Piece = string | number | Html | readonly Html[]

/** A template in which every text that is filled in is escaped; only `Html` stays as it is. */
export const html = (texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html => ({
  html: texts.reduce((all, text, at) => all + render(pieces[at - 1] ?? '') + text),
})

const render = (piece: Piece): string => {
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return 'html' in piece ? piece.html : piece.map((one) => one.html).join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign)

/** The first column is text, the others are figures. */
export const table = (heads: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html => html`
<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`
