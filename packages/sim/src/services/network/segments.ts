import type { Routes } from '../../call.ts';
import { keptResource } from './kept-resource.ts';

export const segmentRoutes: Routes = {
  ...keptResource(
    'segment',
    'segments',
    { name: null, network_type: 'vxlan', physical_network: null, segmentation_id: null },
    'SegmentNotFound',
  ),
};
