export { messageCatalogue } from './catalogue/all.ts';
export type { CatalogueEntry, CatalogueSource } from './catalogue/entry.ts';
export { entryOf } from './catalogue/entry-of.ts';
export { catalogueUrl } from './catalogue/url.ts';
