// How reports become pages: one style, no scripts, nothing from elsewhere, other people's text escaped.

export { html, Markup } from './html/markup.ts';
export { page, type PageParts } from './html/page.ts';
export { style } from './html/style.ts';
