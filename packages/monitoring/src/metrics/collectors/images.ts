import { collector } from '../collector.ts';
import { hiddenImages, images as list } from '../lists/image.ts';
import { metric } from '../metric.ts';

export const images = collector({
  name: 'images',
  help: 'Images by state, visibility and project, hidden ones included.',
  lists: [list, hiddenImages],
  metrics: [
    {
      metric: metric({
        name: 'openstack_glance_images',
        help: 'Images, in whatever state.',
        peer: { name: 'openstack_glance_images', differs: 'Hidden images are counted, too.' },
      }),
      draw: () => [[1]],
    },
    {
      metric: metric({
        name: 'groundcrew_glance_images',
        help: 'Images by status, visibility and project.',
        labels: ['status', 'visibility', 'project_id'],
      }),
      draw: (image) => [[1, image.status, image.visibility, image.owner]],
    },
    {
      metric: metric({
        name: 'groundcrew_glance_image_size_bytes',
        help: 'Bytes of images, by project; those that have none yet are left out.',
        unit: 'bytes',
        labels: ['project_id'],
      }),
      // Null before there are any.
      draw: (image) => (image.size === null ? [] : [[image.size, image.owner]]),
    },
    {
      metric: metric({
        name: 'openstack_glance_image_bytes',
        help: 'Bytes of an image.',
        unit: 'bytes',
        labels: ['id', 'name', 'tenant_id'],
        ids: ['id', 'name'],
        peer: {
          name: 'openstack_glance_image_bytes',
          differs: 'An image without bytes has no series; there it is 0.',
        },
      }),
      by: 'each',
      draw: (image) => (image.size === null ? [] : [[image.size, image.id, image.name, image.owner]]),
    },
  ],
});
