import type { CatalogueSource } from './entry.ts';

/**
 * The page of a source, on OpenStack's own forge.
 *
 * @example catalogueUrl(entry.source) // 'https://opendev.org/openstack/nova/src/tag/26.2.2/nova/service.py#L156'
 */
export const catalogueUrl = ({ repository, tag, file, line }: CatalogueSource): string =>
  `https://opendev.org/${repository}/src/tag/${tag}/${file}#L${line}`;
