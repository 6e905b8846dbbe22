import type { Routes } from '../../call.ts';
import { kept } from './kept-resource.ts';

export const segmentRoutes: Routes = {
  ...kept(
    'segment',
    'segments',
    { name: null, network_type: 'vxlan', physical_network: null, segmentation_id: null },
    'SegmentNotFound',
  ),
};
