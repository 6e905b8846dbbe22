// Makes pages of reports: one style, no scripts, nothing loaded from elsewhere, and text from outside escaped.

export { html, Markup } from './html/markup.ts';
export { page, type PageParts } from './html/page.ts';
export { style } from './html/style.ts';
