import type { Listed } from '@groundcrew/core';
import type { MetricList } from '../metric-list.ts';

/** Glance shows a user who is no administrator what that project may use, without a word about the rest. */
const visible = { service: 'image', pageSize: 1000, withheld: 'own' } as const;

export const images: MetricList<Listed<'image', 'images'>> = {
  ...visible,
  name: 'images',
  what: 'images',
  open: ({ image }, options) => image.images.list({}, options),
};

/** Glance leaves them out of a list that does not ask for them. */
export const hiddenImages: MetricList<Listed<'image', 'images'>> = {
  ...visible,
  name: 'hidden images',
  what: 'hidden images',
  open: ({ image }, options) => image.images.list({ os_hidden: true }, options),
};
