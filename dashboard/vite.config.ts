import { join } from 'node:path'
import type { InlineConfig } from 'vite'

/**
 * How the page is built. Nothing is inlined, neither script, style nor image: the page's Content-Security-Policy allows
 * only files of its own origin. By hand: `vite build --config dashboard/vite.config.ts`.
 */
const config: InlineConfig = {
  root: join(import.meta.dirname, 'site'),
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
}

export default config
